export type { Bootstrap, FirstInstance, ServiceAccountKey } from './bootstrap.ts';
export { type ControlSettings, Controls, type Fault } from './controls.ts';
export {
  createZitadelEmulator,
  type ReadonlyEvents,
  type ZitadelEmulator,
  type ZitadelEmulatorOptions,
} from './emulator.ts';
export type { RpcCode } from './errors.ts';
export type { SentMail } from './mails.ts';
export type { AnyEvent, EventPayloads, EventType, StoredEvent } from './store/index.ts';
