import { type Kysely, sql } from 'kysely';
import type { EventsSchema } from '../database/index.ts';
import type { ZitadelEvent } from '../event/index.ts';
import { revocationOf } from './event-types.ts';

/** What a mark is about: a user, an OpenID session, or something whose user is not known. */
export type MarkKind = 'user' | 'session' | 'unresolved';

/** One deny-before mark to be written. */
export interface Mark {
  readonly kind: MarkKind;
  readonly id: string;
}

/**
 * Writes what an event revokes. To be called in the transaction that applies the event; the order of events does not
 * matter, since a mark only ever moves forward and both halves of a pair look for the other.
 */
export async function applyRevocation(trx: Kysely<EventsSchema>, event: ZitadelEvent): Promise<void> {
  if (event.type === 'oidc_session.added') return await applyLateSession(trx, event);
  if (event.type === 'session.user.checked') return await applyLateName(trx, event, 'session', 'userID');
  if (event.type === 'user.grant.added') return await applyLateName(trx, event, 'authorization', 'userId');
  const revocation = revocationOf(event);
  if (!revocation) return;
  if (revocation.of === 'user') return await mark(trx, event, { kind: 'user', id: revocation.userId });
  if (revocation.of === 'organization')
    return await mark(trx, event, { kind: 'unresolved', id: `organization:${revocation.organizationId}` });
  if (revocation.of === 'authorization') {
    const userId = await namedBy(trx, event, 'user.grant.added', revocation.authorizationId, 'userId');
    const unknown: Mark = { kind: 'unresolved', id: `authorization:${revocation.authorizationId}` };
    return await mark(trx, event, userId === undefined ? unknown : { kind: 'user', id: userId });
  }
  for (const found of await marksOfSession(trx, event, revocation.sessionId)) await mark(trx, event, found);
}

/**
 * The tokens of a login session belong to OpenID sessions. Where these are known they alone are marked, so that the user
 * stays signed in elsewhere; else the user; else it is left unresolved.
 */
async function marksOfSession(
  trx: Kysely<EventsSchema>,
  event: ZitadelEvent,
  sessionId: string,
): Promise<readonly Mark[]> {
  const { rows } = await sql<{ readonly aggregate_id: string }>`
    select aggregate_id from events_inbox
    where instance = ${event.instance} and event_type = 'oidc_session.added'
      and payload->>'sessionID' = ${sessionId}`.execute(trx);
  const userId = await namedBy(trx, event, 'session.user.checked', sessionId, 'userID');
  // Only of a session that was seen from its sign-in on are all OpenID sessions known.
  if (userId === undefined) return [{ kind: 'unresolved', id: `session:${sessionId}` }];
  if (rows.length === 0) return [{ kind: 'user', id: userId }];
  return rows.map((row) => ({ kind: 'session', id: row.aggregate_id }));
}

/** An OpenID session that is heard of after its login session was terminated. */
async function applyLateSession(trx: Kysely<EventsSchema>, event: ZitadelEvent): Promise<void> {
  const sessionId = event.payload?.sessionID;
  if (typeof sessionId !== 'string' || sessionId === '') return;
  const ended = await trx
    .selectFrom('events_inbox')
    .select('created_at')
    .where('instance', '=', event.instance)
    .where('aggregate_type', '=', 'session')
    .where('aggregate_id', '=', sessionId)
    .where('event_type', '=', 'session.terminated')
    .executeTakeFirst();
  if (ended)
    await mark(trx, { ...event, createdAt: ended.created_at }, { kind: 'session', id: event.aggregateId });
}

/** A user whose name is heard of after it was needed. */
async function applyLateName(
  trx: Kysely<EventsSchema>,
  event: ZitadelEvent,
  kind: 'session' | 'authorization',
  field: string,
): Promise<void> {
  const userId = event.payload?.[field];
  if (typeof userId !== 'string' || userId === '') return;
  const waiting = await trx
    .deleteFrom('events_revocations')
    .where('instance', '=', event.instance)
    .where('kind', '=', 'unresolved')
    .where('id', '=', `${kind}:${event.aggregateId}`)
    .returning(['not_before', 'reason'])
    .executeTakeFirst();
  if (!waiting) return;
  const named = { ...event, createdAt: waiting.not_before, type: waiting.reason };
  await mark(trx, named, { kind: 'user', id: userId });
}

/** The user that an earlier event of an aggregate names. */
async function namedBy(
  trx: Kysely<EventsSchema>,
  event: ZitadelEvent,
  type: string,
  aggregateId: string,
  field: string,
): Promise<string | undefined> {
  const row = await trx
    .selectFrom('events_inbox')
    .select('payload')
    .where('instance', '=', event.instance)
    .where('aggregate_type', '=', event.aggregateType)
    .where('aggregate_id', '=', aggregateId)
    .where('event_type', '=', type)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  const value = row?.payload?.[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

async function mark(
  trx: Kysely<EventsSchema>,
  event: Pick<ZitadelEvent, 'instance' | 'type' | 'createdAt'>,
  { kind, id }: Mark,
): Promise<void> {
  await writeMark(trx, {
    instance: event.instance,
    kind,
    id,
    notBefore: event.createdAt,
    reason: event.type,
  });
}

/** A mark as it is stored. */
export interface StoredMark extends Mark {
  readonly instance: string;
  /** Tokens issued before are not accepted. */
  readonly notBefore: Date;
  /** Type of the event. */
  readonly reason: string;
}

/** Writes a mark, or moves it forward. */
export async function writeMark(trx: Kysely<EventsSchema>, given: StoredMark): Promise<void> {
  await sql`
    insert into events_revocations (instance, kind, id, not_before, reason)
    values (${given.instance}, ${given.kind}, ${given.id}, ${given.notBefore}, ${given.reason})
    on conflict (instance, kind, id) do update set
      not_before = excluded.not_before, reason = excluded.reason, recorded_at = clock_timestamp()
    where events_revocations.not_before < excluded.not_before`.execute(trx);
}
