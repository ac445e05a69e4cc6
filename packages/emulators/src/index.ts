/** Emulators of the platforms that Drawbridge bridges, with the quirks of the real ones. */
export * from './zitadel/index.ts';
