/** Status in three places, sign-in and NetBird settings of organizations, and what leads there: sweeps, imports, changes. */
export const tenants: readonly string[] = [
  `alter table system_integrations
    add column web_client_id text,
    add column web_client_secret text,
    add column management_client_id text,
    add column management_client_secret text,
    add column token text,
    add column secrets_changed_at timestamptz,
    add column secrets_changed_by text`,
  `alter table organizations
    add column netbird_integration_id text references system_integrations,
    add column netbird_role_groups jsonb not null default '{}',
    add column sign_in text not null default 'invite' check (sign_in in ('invite', 'password', 'idp')),
    add column identity_provider_id text,
    add column service_account_json text,
    add column admins_manage_users boolean not null default false,
    add column netbird_project_grant boolean not null default false,
    add column mapped_at timestamptz,
    add column mapped_by text,
    add column version integer not null default 1`,
  `alter table users
    add column state_changed_at timestamptz,
    add column state_changed_by text,
    add column state_reason text,
    add column deactivated_here boolean not null default false,
    add column zitadel_state text not null default 'unknown'
      check (zitadel_state in ('active', 'inactive', 'deleted', 'locked', 'initial', 'unknown')),
    add column zitadel_seen_at timestamptz,
    add column netbird_user_id text,
    add column netbird_state text not null default 'none'
      check (netbird_state in ('none', 'waiting', 'active', 'blocked')),
    add column netbird_seen_at timestamptz,
    add column last_run_id text,
    add column version integer not null default 1`,
  "create index users_netbird_waiting on users (organization_id, id) where netbird_state = 'waiting'",
  'create index users_active on users (organization_id, active, id)',
  'create index users_changed on users (organization_id, updated_at desc, id desc)',
  `alter table memberships
    add column netbird_authorization_id text,
    add column zitadel_administrator boolean not null default false`,
  `update roles set permissions =
    '["self.read","users.read","users.write","runs.read","runs.write","sessions.read","sessions.write","accounts.read","accounts.write","sweeps.read","audit.read","settings.write"]'
    where key = 'admin'`,
  `update roles set permissions = '["self.read","users.read","users.write","runs.read","sessions.read","sessions.write"]' where key = 'manager'`,
  'alter table provisioning_runs add column batch_id text, add column title text',
  'create index provisioning_runs_batch on provisioning_runs (batch_id, id) where batch_id is not null',
  `create index provisioning_runs_attention on provisioning_runs (organization_id, updated_at)
    where state in ('attention', 'quarantined')`,
  'create index provisioning_runs_finished on provisioning_runs (finished_at) where finished_at is not null',
  `create table status_changes (
    id bigint generated always as identity primary key,
    user_id text not null references users on delete cascade,
    organization_id text not null references organizations,
    at timestamptz not null,
    from_state text not null,
    to_state text not null,
    cause text not null check (cause in ('person', 'sweep', 'event', 'run')),
    cause_id text,
    actor text not null,
    reason text,
    denied_after_ms integer
  )`,
  'create index status_changes_user on status_changes (user_id, id)',
  'create index status_changes_time on status_changes (at)',
  `create table sweeps (
    id text primary key,
    organization_id text references organizations,
    cause text not null check (cause in ('timer', 'person', 'start')),
    requested_by text not null,
    state text not null check (state in ('running', 'done', 'braked', 'approved', 'discarded', 'failed')),
    canary text,
    users_read integer not null default 0,
    activated integer not null default 0,
    deactivated integer not null default 0,
    corrected integer not null default 0,
    skipped integer not null default 0,
    held integer not null default 0,
    brake_limit integer,
    reason_code text,
    reason text,
    decided_by text,
    decided_at timestamptz,
    decision_reason text,
    started_at timestamptz not null,
    finished_at timestamptz,
    lease_until timestamptz
  )`,
  'create index sweeps_page on sweeps (id desc)',
  "create unique index sweeps_one on sweeps ((true)) where state = 'running'",
  `create table sweep_items (
    sweep_id text not null references sweeps on delete cascade,
    user_id text not null,
    organization_id text not null,
    kind text not null check (kind in ('activate', 'deactivate', 'correct', 'report')),
    state text not null check (state in ('held', 'applied', 'dropped', 'skipped', 'failed')),
    was text not null,
    says text not null,
    detail text,
    primary key (sweep_id, user_id, kind)
  )`,
  'create index sweep_items_organization on sweep_items (sweep_id, organization_id)',
  `create table imports (
    id text primary key,
    organization_id text not null references organizations,
    file_name text not null,
    state text not null check (state in ('reading', 'checked', 'running', 'stopping', 'stopped', 'done', 'refused')),
    requested_by text not null,
    request_id text,
    reason text,
    total integer not null default 0,
    skip_refused boolean not null default false,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz
  )`,
  'create index imports_page on imports (organization_id, id desc)',
  `create table import_rows (
    import_id text not null references imports on delete cascade,
    row integer not null,
    plan text not null check (plan in ('create', 'change', 'same', 'refuse')),
    state text not null check (state in ('planned', 'started', 'failed')),
    content jsonb not null,
    user_id text,
    run_id text,
    field text,
    code text,
    message text,
    primary key (import_id, row)
  )`,
  "create index import_rows_open on import_rows (import_id, row) where state = 'planned'",
  `create table web_sign_ins (
    state_hash text primary key,
    application text not null check (application in ('console', 'management')),
    content text not null,
    expires_at timestamptz not null
  )`,
  `create table web_sessions (
    id_hash text primary key,
    application text not null check (application in ('console', 'management')),
    integration_id text not null references system_integrations on delete cascade,
    subject text not null,
    zitadel_session_id text,
    name text not null,
    email text not null,
    tokens text not null,
    csrf_hash text not null,
    acting_organization_id text references organizations on delete set null,
    acting_reason text,
    user_agent text,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    checked_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  'create index web_sessions_subject on web_sessions (subject)',
  'create index web_sessions_zitadel on web_sessions (zitadel_session_id) where zitadel_session_id is not null',
  'create index web_sessions_end on web_sessions (expires_at)',
  // The outbox that live streams read. `tx` orders by commit: a reader stops before the oldest transaction under way.
  `create table changes (
    id bigint generated always as identity primary key,
    tx xid8 not null default pg_current_xact_id(),
    at timestamptz not null default now(),
    organization_id text,
    kind text not null,
    object_id text not null
  )`,
  'create index changes_order on changes (tx, id)',
  'create index changes_age on changes (at)',
  `create function note_change() returns trigger language plpgsql as $body$
    begin
      if tg_op = 'DELETE' then
        insert into changes (organization_id, kind, object_id) values (old.organization_id, tg_argv[0], old.id);
      else
        insert into changes (organization_id, kind, object_id) values (new.organization_id, tg_argv[0], new.id);
      end if;
      return null;
    end
  $body$`,
  ...['users:user', 'provisioning_runs:run', 'sweeps:sweep', 'imports:import'].map((pair) => {
    const [table, kind] = pair.split(':');
    return `create trigger ${table}_changes after insert or update or delete on ${table}
      for each row execute function note_change('${kind}')`;
  }),
];
