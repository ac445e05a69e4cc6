import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Migrations of the tables of this package, to be given to the one migrator of the database they live in. Their names
 * begin with `events_`; one that was released is never changed, only followed.
 *
 * @example
 * ```ts
 * import { eventsMigrations } from '@drawbridge/events';
 *
 * console.log(Object.keys(eventsMigrations).every((name) => name.startsWith('events_'))); // true
 * ```
 */
export const eventsMigrations: Readonly<Record<string, Migration>> = {
  events_0001_first: {
    async up(db) {
      for (const statement of first) await sql.raw(statement).execute(db as Kysely<unknown>);
    },
  },
  events_0002_identity_sign_ins: {
    async up(db) {
      for (const statement of identitySignIns) await sql.raw(statement).execute(db as Kysely<unknown>);
    },
  },
};

/** Asked for each sign-in through an identity provider: what was the user's newest one. */
const identitySignIns = [
  `create index events_inbox_idp_user on events_inbox (instance, (payload->>'userId'))
    where event_type = 'idpintent.succeeded'`,
  `create index events_inbox_idp_account on events_inbox (instance, (payload->>'idpUserId'))
    where event_type = 'idpintent.succeeded'`,
];

const first = [
  `create table events_inbox (
    position bigint generated always as identity primary key,
    instance text not null,
    aggregate_type text not null,
    aggregate_id text not null,
    sequence bigint not null,
    event_type text not null,
    created_at timestamptz not null,
    resource_owner text not null,
    editor text not null,
    payload jsonb,
    received_at timestamptz not null,
    source text not null check (source in ('webhook', 'catchup')),
    constraint events_inbox_event unique (instance, aggregate_type, aggregate_id, sequence)
  )`,
  'create index events_inbox_age on events_inbox (instance, received_at)',
  'create index events_inbox_type on events_inbox (instance, event_type)',
  // Which OpenID sessions belong to a login session: asked when one is terminated.
  `create index events_inbox_oidc on events_inbox (instance, (payload->>'sessionID'))
    where event_type = 'oidc_session.added'`,
  `create table events_consumers (
    instance text not null,
    consumer text not null,
    event_type text not null,
    primary key (instance, consumer, event_type)
  )`,
  'create index events_consumers_type on events_consumers (instance, event_type)',
  `create table events_deliveries (
    instance text not null,
    consumer text not null,
    aggregate_type text not null,
    aggregate_id text not null,
    sequence bigint not null,
    position bigint not null references events_inbox,
    created_at timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'set_aside')),
    attempts integer not null default 0,
    next_try_at timestamptz,
    reason text,
    primary key (instance, consumer, aggregate_type, aggregate_id, sequence)
  )`,
  `create index events_deliveries_next on events_deliveries (instance, consumer, created_at, position)
    where state = 'waiting'`,
  'create index events_deliveries_position on events_deliveries (position)',
  `create table events_cursors (
    instance text not null,
    event_type text not null,
    through timestamptz not null,
    primary key (instance, event_type)
  )`,
  `create table events_instances (
    instance text primary key,
    generation integer not null default 0,
    confirmed_position bigint not null default 0,
    caught_up_at timestamptz
  )`,
  `create table events_revocations (
    instance text not null,
    kind text not null check (kind in ('user', 'session', 'unresolved')),
    id text not null,
    not_before timestamptz not null,
    reason text not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (instance, kind, id)
  )`,
  'create index events_revocations_recorded on events_revocations (instance, recorded_at)',
];
