import type { Generated } from 'kysely';
import type { Json, Time, WithDefault } from './columns.ts';
import type { ImportRowTable, ImportTable } from './schema-imports.ts';
import type {
  StatusChangeTable,
  SweepItemTable,
  SweepOrganizationTable,
  SweepTable,
} from './schema-status.ts';
import type { ChangeTable, WebSessionTable, WebSignInTable } from './schema-web.ts';

/** `system_integrations`: one configured Zitadel or NetBird. Secrets are references (`file:`, `env:`) or sealed, never plain. */
export interface IntegrationTable {
  id: string;
  type: 'zitadel' | 'netbird';
  name: string;
  domain: string;
  /** URL that identifies the instance; NetBird's own URL. */
  issuer: string;
  address: string | null;
  /** Client that introspects tokens. */
  client_id: string | null;
  client_secret: string | null;
  /** Client that people sign in to the console with, and the separate one for site administration. */
  web_client_id: WithDefault<string | null>;
  web_client_secret: WithDefault<string | null>;
  management_client_id: WithDefault<string | null>;
  management_client_secret: WithDefault<string | null>;
  project_id: string | null;
  service_account_json: string | null;
  /** NetBird's personal access token. */
  token: WithDefault<string | null>;
  secrets_changed_at: WithDefault<Date | null>;
  secrets_changed_by: WithDefault<string | null>;
  created_at: Time;
  updated_at: Time;
}

/** `organizations`: a tenant and the Zitadel organization it is mapped to. */
export interface OrganizationTable {
  id: string;
  slug: string;
  name: string;
  integration_id: string;
  zitadel_org_id: string | null;
  project_grant: boolean;
  netbird_project_id: string | null;
  /** Whether the NetBird project is known to be granted to it. */
  netbird_project_grant: WithDefault<boolean>;
  netbird_integration_id: WithDefault<string | null>;
  /** Names of NetBird groups that every user of the organization is in. */
  netbird_groups: Json<string[]>;
  /** Role key → names of further NetBird groups. */
  netbird_role_groups: WithDefault<Record<string, string[]>, string>;
  /** How a new user comes to be able to sign in. */
  sign_in: WithDefault<SignInMethod>;
  identity_provider_id: WithDefault<string | null>;
  /** Key of a service account of this organization alone, used for its users instead of the integration's. */
  service_account_json: WithDefault<string | null>;
  /** Whether the organization's admins become ORG_USER_MANAGER in Zitadel. */
  admins_manage_users: WithDefault<boolean>;
  mapped_at: WithDefault<Date | null>;
  mapped_by: WithDefault<string | null>;
  version: WithDefault<number>;
  created_at: Time;
  updated_at: Time;
}

/** An invitation by mail, a password set here, or a link to a user of an external identity provider. */
export type SignInMethod = 'invite' | 'password' | 'idp';

/** What Zitadel was last seen to say of a user. `deleted` is said only where absence was proved. */
export type ZitadelState = 'active' | 'inactive' | 'deleted' | 'locked' | 'initial' | 'unknown';

/** How a user stands in NetBird; `waiting` until the first sign-in there. */
export type NetbirdState = 'none' | 'waiting' | 'active' | 'blocked';

/** `users`: a person, known once to each integration. */
export interface UserTable {
  id: string;
  integration_id: string;
  organization_id: string;
  zitadel_user_id: string | null;
  email: string;
  given_name: string;
  family_name: string;
  active: boolean;
  state_changed_at: WithDefault<Date | null>;
  state_changed_by: WithDefault<string | null>;
  state_reason: WithDefault<string | null>;
  /** True where the directory itself deactivated the user in Zitadel: only then may it activate it there. */
  deactivated_here: WithDefault<boolean>;
  zitadel_state: WithDefault<ZitadelState>;
  zitadel_seen_at: WithDefault<Date | null>;
  netbird_user_id: WithDefault<string | null>;
  netbird_state: WithDefault<NetbirdState>;
  netbird_seen_at: WithDefault<Date | null>;
  last_run_id: WithDefault<string | null>;
  /** Counts changes; the API's ETag. */
  version: WithDefault<number>;
  permissions: Json<string[]>;
  created_at: Time;
  updated_at: Time;
}

/** `memberships`: users and organizations are many to many; exactly one of a user's memberships is home. */
export interface MembershipTable {
  user_id: string;
  organization_id: string;
  role_key: string;
  home: boolean;
  zitadel_authorization_id: string | null;
  netbird_authorization_id: WithDefault<string | null>;
  /** True where the directory made the user ORG_USER_MANAGER: only then it takes that away. */
  zitadel_administrator: WithDefault<boolean>;
  created_at: Time;
}

/** `roles`: what a membership may do here, and the role key its authorization carries in Zitadel. */
export interface RoleTable {
  key: string;
  display_name: string;
  permissions: Json<string[]>;
}

/** `site_administrators`: subjects who act across organizations. */
export interface SiteAdministratorTable {
  subject: string;
  added_by: string;
  created_at: Time;
}

/** `settings`: what an operator may change while the directory runs. */
export interface SettingTable {
  key: string;
  value: Json<unknown>;
  updated_by: string;
  /** Counts changes; the API's ETag. */
  version: WithDefault<number>;
  updated_at: Time;
}

/** State of a run. `waiting` is finished but for late steps; `attention` and `quarantined` wait for a person. */
export type RunState =
  | 'queued'
  | 'running'
  | 'waiting'
  | 'done'
  | 'attention'
  | 'quarantined'
  | 'compensating'
  | 'compensated'
  | 'abandoned';

/** State of one step of a run. */
export type StepState =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'done'
  | 'late'
  | 'attention'
  | 'quarantined'
  | 'compensated';

/** `provisioning_runs`: one execution of a saga. The lease says which worker has it and until when. */
export interface RunTable {
  id: string;
  saga: string;
  organization_id: string;
  user_id: string | null;
  state: RunState;
  input: Json<unknown>;
  reason_code: string | null;
  reason: string | null;
  requested_by: string;
  request_id: string | null;
  /** The import or bulk action it belongs to. */
  batch_id: WithDefault<string | null>;
  /** What the run does, in words: "deactivate ada@north.example". */
  title: WithDefault<string | null>;
  /** The last decision about it, once it had stopped. */
  decision: WithDefault<'resume' | 'compensate' | 'abandon' | null>;
  decided_by: WithDefault<string | null>;
  decided_at: WithDefault<Date | null>;
  decision_reason: WithDefault<string | null>;
  lease_owner: string | null;
  lease_until: Time | null;
  created_at: Time;
  updated_at: Time;
  finished_at: Time | null;
}

/** `provisioning_steps`: the steps of a run, recorded before and after each call. */
export interface StepTable {
  run_id: string;
  position: number;
  name: string;
  title: string;
  state: StepState;
  idempotency_key: string | null;
  attempts: number;
  detail: string | null;
  output: Json<unknown> | null;
  /** What the last try asked elsewhere and was answered, redacted. */
  exchanges: WithDefault<unknown[] | null, string | null>;
  error_code: string | null;
  error: string | null;
  next_try_at: Time | null;
  started_at: Time | null;
  finished_at: Time | null;
}

/** `idempotency_keys`: what a POST with an `Idempotency-Key` was answered. */
export interface IdempotencyTable {
  caller: string;
  key: string;
  request_hash: string;
  status: number;
  body: Json<unknown>;
  created_at: Time;
}

/** `audit`: append-only. `personal` is outside the hash, so that erasing a person leaves the chain whole. */
export interface AuditTable {
  sequence: Generated<string>;
  organization_id: string | null;
  at: Time;
  actor: string;
  action: string;
  object_type: string;
  object_id: string;
  from_value: Json<unknown> | null;
  to_value: Json<unknown> | null;
  reason: string | null;
  request_id: string | null;
  personal: Json<Record<string, string>> | null;
  chain_position: number | null;
  previous_hash: string | null;
  hash: string | null;
}

/** Every table the directory owns. */
export interface Schema {
  system_integrations: IntegrationTable;
  organizations: OrganizationTable;
  users: UserTable;
  memberships: MembershipTable;
  roles: RoleTable;
  site_administrators: SiteAdministratorTable;
  settings: SettingTable;
  provisioning_runs: RunTable;
  provisioning_steps: StepTable;
  idempotency_keys: IdempotencyTable;
  audit: AuditTable;
  status_changes: StatusChangeTable;
  sweeps: SweepTable;
  sweep_items: SweepItemTable;
  sweep_organizations: SweepOrganizationTable;
  imports: ImportTable;
  import_rows: ImportRowTable;
  web_sign_ins: WebSignInTable;
  web_sessions: WebSessionTable;
  changes: ChangeTable;
}
