export type { Delivery } from './actions/index.ts';
export type { Bootstrap, FirstInstance, ServiceAccountKey } from './bootstrap.ts';
export { type ControlSettings, Controls, type Fault } from './controls.ts';
export {
  createZitadelEmulator,
  type ZitadelEmulator,
  type ZitadelEmulatorOptions,
} from './emulator.ts';
export type { RpcCode } from './errors.ts';
export type { InstanceOptions, ReadonlyEvents, RunningInstance } from './instances.ts';
export type { SentMail } from './mails.ts';
export { type Quirk, type QuirkName, type QuirkSwitches, switchableQuirks } from './quirks.ts';
export type { AnyEvent, EventPayloads, EventType, StoredEvent } from './store/index.ts';
export type { WebhookFate, WebhookFaults } from './webhook-faults.ts';
