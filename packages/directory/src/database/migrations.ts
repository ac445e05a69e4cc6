import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Migrations in the order of their names. One that was released is never changed, only followed. */
export const migrations: Record<string, Migration> = {
  '0001_first': {
    async up(db) {
      for (const statement of first) await sql.raw(statement).execute(db as Kysely<unknown>);
    },
  },
};

const first = [
  `create table system_integrations (
    id text primary key,
    type text not null check (type in ('zitadel', 'netbird')),
    name text not null unique,
    domain text not null,
    issuer text not null,
    address text,
    client_id text,
    client_secret text,
    project_id text,
    service_account_json text,
    created_at timestamptz not null,
    updated_at timestamptz not null
  )`,
  `create table organizations (
    id text primary key,
    slug text not null unique,
    name text not null,
    integration_id text not null references system_integrations,
    zitadel_org_id text,
    project_grant boolean not null default false,
    netbird_project_id text,
    netbird_groups jsonb not null default '[]',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint organizations_zitadel_org unique (integration_id, zitadel_org_id)
  )`,
  `create table roles (
    key text primary key,
    display_name text not null,
    permissions jsonb not null default '[]'
  )`,
  `insert into roles (key, display_name, permissions) values
    ('admin', 'Admin', '["users.read","users.write","runs.read","runs.write","audit.read","settings.write"]'),
    ('manager', 'Manager', '["users.read","users.write","runs.read"]'),
    ('user', 'User', '["self.read"]')`,
  `create table users (
    id text primary key,
    integration_id text not null references system_integrations,
    organization_id text not null references organizations,
    zitadel_user_id text,
    email text not null,
    given_name text not null,
    family_name text not null,
    active boolean not null default true,
    permissions jsonb not null default '[]',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint users_zitadel_user unique (integration_id, zitadel_user_id)
  )`,
  // A mail address is the username, and usernames are unique on a Zitadel instance whatever their case.
  'create unique index users_email on users (integration_id, lower(email))',
  'create index users_page on users (organization_id, id)',
  `create table memberships (
    user_id text not null references users on delete cascade,
    organization_id text not null references organizations,
    role_key text not null references roles,
    home boolean not null default false,
    zitadel_authorization_id text,
    created_at timestamptz not null,
    primary key (user_id, organization_id)
  )`,
  'create unique index memberships_home on memberships (user_id) where home',
  'create index memberships_organization on memberships (organization_id, user_id)',
  `create table site_administrators (
    subject text primary key,
    added_by text not null,
    created_at timestamptz not null
  )`,
  `create table settings (
    key text primary key,
    value jsonb not null,
    updated_by text not null,
    updated_at timestamptz not null
  )`,
  `create table provisioning_runs (
    id text primary key,
    saga text not null,
    organization_id text not null references organizations,
    user_id text,
    state text not null,
    input jsonb not null,
    reason_code text,
    reason text,
    requested_by text not null,
    request_id text,
    lease_owner text,
    lease_until timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    finished_at timestamptz
  )`,
  `create index provisioning_runs_open on provisioning_runs (updated_at)
    where state in ('queued', 'running', 'compensating')`,
  'create index provisioning_runs_page on provisioning_runs (organization_id, id)',
  'create index provisioning_runs_user on provisioning_runs (user_id)',
  `create table provisioning_steps (
    run_id text not null references provisioning_runs on delete cascade,
    position integer not null,
    name text not null,
    title text not null,
    state text not null,
    idempotency_key text,
    attempts integer not null default 0,
    detail text,
    output jsonb,
    error_code text,
    error text,
    next_try_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    primary key (run_id, position)
  )`,
  `create table idempotency_keys (
    caller text not null,
    key text not null,
    request_hash text not null,
    status integer not null,
    body jsonb not null,
    created_at timestamptz not null,
    primary key (caller, key)
  )`,
  'create index idempotency_keys_age on idempotency_keys (created_at)',
  `create table audit (
    sequence bigint generated always as identity primary key,
    organization_id text,
    at timestamptz not null,
    actor text not null,
    action text not null,
    object_type text not null,
    object_id text not null,
    from_value jsonb,
    to_value jsonb,
    reason text,
    request_id text,
    personal jsonb,
    chain_position integer,
    previous_hash text,
    hash text
  )`,
  'create index audit_organization on audit (organization_id, sequence)',
  "create unique index audit_chain on audit (coalesce(organization_id, ''), chain_position) where hash is not null",
  'create index audit_unsealed on audit (sequence) where hash is null',
];
