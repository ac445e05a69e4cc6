import { createHash } from 'node:crypto';
import { type Selectable, sql, type Transaction } from 'kysely';
import type { AuditTable, Database, Schema } from '../database/index.ts';

type AuditRow = Selectable<AuditTable>;

/** What {@link verifyAudit} found. */
export interface AuditVerification {
  /** Sealed entries that were checked. */
  readonly checked: number;
  /** Entries not sealed yet. */
  readonly unsealed: number;
  /** The first entry whose hash, order or predecessor is not what it should be. */
  readonly brokenAt?: string;
}

const batch = 1_000;
// One sealer at a time on the whole database, whichever process it runs in.
const sealLock = 0x44_42_53_4c;

/**
 * Seals entries that are not sealed yet: per organization, each gets a position and a hash over itself and the hash
 * before it. Batches keep writers from waiting for each other, as they would if every insert took the chain's end.
 *
 * @returns how many entries were sealed
 */
export async function sealAudit(database: Database): Promise<number> {
  let sealed = 0;
  for (;;) {
    const count = await database.transaction(sealBatch);
    sealed += count;
    if (count < batch) return sealed;
  }
}

async function sealBatch(trx: Transaction<Schema>): Promise<number> {
  await sql`select pg_advisory_xact_lock(${sealLock}::bigint)`.execute(trx);
  const rows = await trx
    .selectFrom('audit')
    .selectAll()
    .where('hash', 'is', null)
    .orderBy('sequence')
    .limit(batch)
    .execute();
  const ends = new Map<string, { position: number; hash: string }>();
  for (const row of rows) {
    const chain = row.organization_id ?? '';
    const end = ends.get(chain) ?? (await chainEnd(trx, row.organization_id));
    const next = { position: end.position + 1, hash: hashEntry(row, end.position + 1, end.hash) };
    await trx
      .updateTable('audit')
      .set({ chain_position: next.position, previous_hash: end.hash, hash: next.hash })
      .where('sequence', '=', row.sequence)
      .execute();
    ends.set(chain, next);
  }
  return rows.length;
}

async function chainEnd(
  trx: Transaction<Schema>,
  organizationId: string | null,
): Promise<{ position: number; hash: string }> {
  const last = await trx
    .selectFrom('audit')
    .select(['chain_position', 'hash'])
    .where('organization_id', organizationId === null ? 'is' : '=', organizationId)
    .where('hash', 'is not', null)
    .orderBy('chain_position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { position: last?.chain_position ?? 0, hash: last?.hash ?? '' };
}

/** Recomputes the chain of one organization, or of the site when none is given, in bounded memory. */
export async function verifyAudit(
  database: Database,
  organizationId: string | null,
): Promise<AuditVerification> {
  let hash = '';
  let position = 0;
  for (;;) {
    const rows = await database.read((db) =>
      db
        .selectFrom('audit')
        .selectAll()
        .where('organization_id', organizationId === null ? 'is' : '=', organizationId)
        .where('chain_position', '>', position)
        .orderBy('chain_position')
        .limit(batch)
        .execute(),
    );
    for (const row of rows) {
      const good =
        row.chain_position === position + 1 &&
        row.previous_hash === hash &&
        row.hash === hashEntry(row, position + 1, hash);
      if (!good || row.hash === null)
        return {
          checked: position,
          unsealed: await unsealed(database, organizationId),
          brokenAt: row.sequence,
        };
      position += 1;
      hash = row.hash;
    }
    if (rows.length < batch) return { checked: position, unsealed: await unsealed(database, organizationId) };
  }
}

async function unsealed(database: Database, organizationId: string | null): Promise<number> {
  const { count } = await database.read((db) =>
    db
      .selectFrom('audit')
      .select((query) => query.fn.countAll<string>().as('count'))
      .where('organization_id', organizationId === null ? 'is' : '=', organizationId)
      .where('hash', 'is', null)
      .executeTakeFirstOrThrow(),
  );
  return Number(count);
}

function hashEntry(row: AuditRow, position: number, previous: string): string {
  const content = [
    previous,
    position,
    row.organization_id,
    row.at.toISOString(),
    row.actor,
    row.action,
    row.object_type,
    row.object_id,
    ordered(row.from_value),
    ordered(row.to_value),
    row.reason,
    row.request_id,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** The same value with its keys in one order, since JSON in a database keeps none. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}
