export * from './netbird/index.ts';
export * from './openbao/index.ts';
export * from './zitadel/index.ts';
