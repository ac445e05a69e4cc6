import { type Kysely, type RawBuilder, sql } from 'kysely';
import { eventsTables } from '../database/index.ts';
import type { EventPayload } from '../event/index.ts';

/** A sign-in through an identity provider that went well. */
export interface IdentitySignIn {
  readonly intentId: string;
  readonly at: Date;
  /** What the provider said, as Zitadel tells it: `idpUser` is base64 of JSON, tokens are left out. */
  readonly payload: EventPayload;
}

/** Whose sign-ins: a user's, or those of an account at a provider that was no user's yet. */
export type SignInOf = { readonly userId: string } | { readonly accountId: string };

/** Sign-ins of one account before it was linked; more are nobody's first sign-in. */
const most = 20;

/**
 * Sign-ins through identity providers that the inbox has, the newest first. By time, since each is an aggregate of its own
 * and their sequences say nothing of each other.
 */
export async function identitySignIns<S>(
  db: Kysely<S>,
  instance: string,
  of: SignInOf,
): Promise<readonly IdentitySignIn[]> {
  const whose: RawBuilder<boolean> =
    'userId' in of
      ? sql<boolean>`payload->>'userId' = ${of.userId}`
      : sql<boolean>`payload->>'idpUserId' = ${of.accountId} and coalesce(payload->>'userId', '') = ''`;
  const rows = await eventsTables(db)
    .selectFrom('events_inbox')
    .select(['aggregate_id', 'created_at', 'payload'])
    .where('instance', '=', instance)
    // Literally, as the index has it.
    .where(sql<boolean>`event_type = 'idpintent.succeeded'`)
    .where(whose)
    .orderBy('created_at', 'desc')
    .orderBy('position', 'desc')
    .limit(most)
    .execute();
  return rows.map((row) => ({
    intentId: row.aggregate_id,
    at: row.created_at,
    payload: row.payload ?? {},
  }));
}

/** Id of the identity provider that a sign-in went through, which only its first event says; undefined where that is not known. */
export async function providerOfSignIn<S>(
  db: Kysely<S>,
  instance: string,
  intentId: string,
): Promise<string | undefined> {
  const row = await eventsTables(db)
    .selectFrom('events_inbox')
    .select('payload')
    .where('instance', '=', instance)
    .where('aggregate_type', '=', 'idpintent')
    .where('aggregate_id', '=', intentId)
    .where('event_type', '=', 'idpintent.started')
    .executeTakeFirst();
  const id = row?.payload?.idpId;
  return typeof id === 'string' && id !== '' ? id : undefined;
}
