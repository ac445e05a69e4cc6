export type { RateLimit, TokenIssuer } from './access/index.ts';
export type { Owner } from './bootstrap.ts';
export type { NetbirdControlSettings, NetbirdControls, NetbirdFault } from './controls.ts';
export type { Person } from './devices.ts';
export {
  createNetbirdEmulator,
  type NetbirdEmulator,
  type NetbirdEmulatorOptions,
} from './emulator.ts';
export { createMemoryIdp, type IdpManager, type IdpPerson } from './identity.ts';
export type { Identity } from './kernel.ts';
export type { NetbirdEvent, NetbirdEventType, Settings as NetbirdSettings } from './store/index.ts';
