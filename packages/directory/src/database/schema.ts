import type { ColumnType, Generated } from 'kysely';

/** A jsonb column: read as a value, written as text. */
type Json<T> = ColumnType<T, string, string>;
/** A timestamptz column. */
type Time = ColumnType<Date, Date, Date>;

/** `system_integrations`: one configured Zitadel or NetBird. Secrets are references (`file:`, `env:`), never values. */
export interface IntegrationTable {
  id: string;
  type: 'zitadel' | 'netbird';
  name: string;
  domain: string;
  issuer: string;
  address: string | null;
  client_id: string | null;
  client_secret: string | null;
  project_id: string | null;
  service_account_json: string | null;
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
  netbird_groups: Json<string[]>;
  created_at: Time;
  updated_at: Time;
}

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
}
