/**
 * Zitadel for programs: credentials, tokens, services, verification. The types of what goes over the wire are exported
 * too, because the emulator answers in the same ones.
 */
export type * from './wire/index.ts';
