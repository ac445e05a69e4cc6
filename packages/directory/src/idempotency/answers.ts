import { createHash } from 'node:crypto';
import { DrawbridgeError } from '@drawbridge/kit';
import type { Database } from '../database/index.ts';
import type { KeyedRequest } from './keys.ts';

/** What a request was answered. */
export interface WholeAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Status of a request that is still being carried out. */
const underWay = 0;
/** After this long, in milliseconds, whoever carried a request out is taken for dead. */
const longestMs = 60_000;

/**
 * Takes a key for a request whose work is not one transaction: it is marked as under way until {@link keepWholeAnswer} or
 * {@link forgetAnswer}.
 *
 * @returns what the request was answered before, if it was
 * @throws {DrawbridgeError} `idempotency_key_reused` for another request's key, `conflict` while the first is under way
 */
export async function beginAnswer(
  database: Database,
  { caller, key, content }: KeyedRequest,
  at: Date,
): Promise<WholeAnswer | undefined> {
  const requestHash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return await database.transaction(async (trx) => {
    const claimed = await trx
      .insertInto('idempotency_keys')
      .values({ caller, key, request_hash: requestHash, status: underWay, body: 'null', created_at: at })
      .onConflict((conflict) => conflict.columns(['caller', 'key']).doNothing())
      .returning('key')
      .executeTakeFirst();
    if (claimed) return undefined;
    const earlier = await trx
      .selectFrom('idempotency_keys')
      .selectAll()
      .where('caller', '=', caller)
      .where('key', '=', key)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (earlier.request_hash !== requestHash) throw new DrawbridgeError('idempotency_key_reused');
    if (earlier.status !== underWay) return { status: earlier.status, body: earlier.body };
    if (at.getTime() - earlier.created_at.getTime() < longestMs) {
      throw new DrawbridgeError('conflict', {
        message: 'The first request with this Idempotency-Key is still being carried out.',
        fix: 'Repeat it a little later.',
      });
    }
    await trx
      .updateTable('idempotency_keys')
      .set({ created_at: at })
      .where('caller', '=', caller)
      .where('key', '=', key)
      .execute();
    return undefined;
  });
}

/** Keeps what the request was answered. */
export async function keepWholeAnswer(
  database: Database,
  { caller, key }: Pick<KeyedRequest, 'caller' | 'key'>,
  { status, body }: WholeAnswer,
): Promise<void> {
  await database.read((db) =>
    db
      .updateTable('idempotency_keys')
      .set({ status, body: JSON.stringify(body) })
      .where('caller', '=', caller)
      .where('key', '=', key)
      .execute(),
  );
}

/** Lets the key go: nothing came of the request, and a repeat may do better. */
export async function forgetAnswer(
  database: Database,
  { caller, key }: Pick<KeyedRequest, 'caller' | 'key'>,
): Promise<void> {
  await database.read((db) =>
    db.deleteFrom('idempotency_keys').where('caller', '=', caller).where('key', '=', key).execute(),
  );
}
