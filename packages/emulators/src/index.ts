/** Emulators of the platforms that Drawbridge bridges, with the quirks of the real ones. */

export * from './contract/index.ts';
export * from './netbird/index.ts';
export * from './openbao/index.ts';
export * from './zitadel/index.ts';
