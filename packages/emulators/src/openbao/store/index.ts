export type { OpenbaoDraft, OpenbaoEvent, OpenbaoEventType } from './events.ts';
export { defaultSettings } from './kv-state.ts';
export { type EventLog, newEventLog } from './log.ts';
export type {
  JwtConfigRow,
  JwtRoleRow,
  MountRow,
  SecretRow,
  SecretSettings,
  TokenParams,
  TokenRow,
  UserRow,
  VersionRow,
} from './records.ts';
export type { MountState, NamespaceState, State } from './state.ts';
