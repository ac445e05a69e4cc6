import { createHash } from 'node:crypto';
import { type Clock, DrawbridgeError } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import type { Database, Schema } from '../database/index.ts';

/** For how long a key answers the same, in milliseconds: longer than any client retries. */
const keptMs = 7 * 86_400_000;

/** A request that carries an `Idempotency-Key`. */
export interface KeyedRequest {
  readonly caller: string;
  readonly key: string;
  /** What makes it this request and no other. */
  readonly content: readonly unknown[];
}

/**
 * Takes a key for this request, or finds what it was answered before. A concurrent twin waits here for the first.
 *
 * @returns the earlier answer, if there is one
 * @throws {DrawbridgeError} `idempotency_key_reused` when the key was used for another request
 */
export async function claimKey(trx: Transaction<Schema>, request: KeyedRequest, at: Date): Promise<unknown> {
  const { caller, key, content } = request;
  const requestHash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const claimed = await trx
    .insertInto('idempotency_keys')
    .values({ caller, key, request_hash: requestHash, status: 202, body: 'null', created_at: at })
    .onConflict((conflict) => conflict.columns(['caller', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  if (claimed) return undefined;
  const earlier = await trx
    .selectFrom('idempotency_keys')
    .select(['request_hash', 'body'])
    .where('caller', '=', caller)
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  if (earlier.request_hash !== requestHash) throw new DrawbridgeError('idempotency_key_reused');
  return earlier.body;
}

/** Keeps the answer of a claimed key, in the transaction that made it true. */
export async function keepAnswer(
  trx: Transaction<Schema>,
  request: KeyedRequest,
  answer: unknown,
): Promise<void> {
  await trx
    .updateTable('idempotency_keys')
    .set({ body: JSON.stringify(answer) })
    .where('caller', '=', request.caller)
    .where('key', '=', request.key)
    .execute();
}

/** Forgets keys that nobody can still be retrying. */
export async function forgetIdempotencyKeys(database: Database, clock: Clock): Promise<void> {
  const before = new Date(clock.now() - keptMs);
  await database.read((db) => db.deleteFrom('idempotency_keys').where('created_at', '<', before).execute());
}
