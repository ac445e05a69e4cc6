export type { AggregateType, AnyDraft, AnyEvent, Draft, EventType, StoredEvent } from './event.ts';
export { EventLog } from './event-log.ts';
export type {
  ApiConfig,
  EncryptedValue,
  HumanFields,
  MemberFields,
  MetadataFields,
  OidcConfig,
  OidcLifetimes,
  ProjectFields,
  TargetFields,
  TokenFields,
} from './fields.ts';
export { IdGenerator } from './ids.ts';
export { eventPayload } from './payload-json.ts';
export type { EventPayloads, UserAgentFields } from './payloads.ts';
