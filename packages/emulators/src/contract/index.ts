export * from './zitadel/index.ts';
