/**
 * What the API speaks of. Objects are as its own description has them; here are names for parts of them, and what only
 * the page needs.
 */
import type {
  IntegrationHealth as Health,
  History,
  NetbirdPlace,
  Overview,
  Run,
  Sessions,
  Sweep,
  Trial,
  ZitadelPlace,
} from '@drawbridge/directory/client';

export type {
  AuditEntry,
  AuditVerification,
  BulkResult,
  Devices,
  Exchange,
  History,
  Import,
  ImportRow,
  Integration,
  Mapping,
  Me,
  Organization,
  Overview,
  Role,
  Run,
  ServiceAccount,
  Sessions,
  Setting,
  SiteAdministrator,
  Step,
  Sweep,
  SweepItem,
  User,
  ZitadelOrganization,
} from '@drawbridge/directory/client';

/** Permissions that a page or a button may ask for. */
export type Permission =
  | 'users.read'
  | 'users.write'
  | 'runs.read'
  | 'runs.write'
  | 'sessions.read'
  | 'sessions.write'
  | 'accounts.read'
  | 'accounts.write'
  | 'sweeps.read'
  | 'audit.read'
  | 'settings.write';

/** One page of a list; `next` is the cursor of the page after it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
  readonly total?: number | null;
}

export type RunState = Run['state'];
/** What a person may decide about a run that stopped. */
export type Choice = Run['choices'][number];
export type HistoryEntry = History['items'][number];
export type Session = Sessions['items'][number];

/** What one place says of a user, or why it could not be asked. */
export type Place = ZitadelPlace | NetbirdPlace;

export interface Places {
  readonly zitadel: ZitadelPlace;
  readonly netbird: NetbirdPlace;
}

/** The facts that the places have between them. */
export interface PlaceFacts {
  readonly state?: string | null;
  readonly email?: string | null;
  readonly name?: string | null;
  /** NetBird's. */
  readonly role?: string | null;
  /** Those of the application's project at Zitadel. */
  readonly roles?: readonly string[];
  readonly groups?: readonly string[];
  readonly lastSeen?: string | null;
}

/** What a braked sweep would do to one organization. */
export type SweepShare = Sweep['organizations'][number];
export type Attention = Overview['attention'][number];
export type Charts = Overview['charts'];
/** An integration's health as the overview tells it, and as the integration's own page does. */
export type IntegrationStrip = Overview['integrations'][number];
export type IntegrationHealth = Health;
export type TestReport = Trial;
export type Check = Trial['checks'][number];
