export { emulateNetbird } from './netbird.ts';
export { emulateOpenbao } from './openbao.ts';
export { emulateZitadel } from './zitadel.ts';
