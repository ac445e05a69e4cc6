import { sql } from 'kysely';
import type { ChangeTable, Database } from '../database/index.ts';
import type { Position } from './position.ts';

/** One entry: something has changed, and is to be read again by whoever shows it. */
export interface Change extends Position {
  /** Null for what concerns the whole site. */
  readonly organizationId: string | null;
  readonly kind: ChangeTable['kind'];
  readonly objectId: string;
}

/** Entries read at once. */
export const pageSize = 1_000;

/**
 * Entries behind a position, in the order of their transactions. Reading stops before the oldest transaction that is
 * still under way: what that one writes will stand before entries that are there already, and would be missed.
 */
export async function readChanges(
  database: Database,
  after: Position,
  upTo?: Position,
): Promise<readonly Change[]> {
  const rows = await database.read((db) =>
    db
      .selectFrom('changes')
      .select(['tx', 'id', 'organization_id', 'kind', 'object_id'])
      .where(sql<boolean>`(tx, id) > (${String(after.tx)}::text::xid8, ${String(after.id)}::text::bigint)`)
      .$if(upTo !== undefined, (query) =>
        query.where(
          sql<boolean>`(tx, id) <= (${String(upTo?.tx ?? 0n)}::text::xid8, ${String(upTo?.id ?? 0n)}::text::bigint)`,
        ),
      )
      .where(sql<boolean>`tx < pg_snapshot_xmin(pg_current_snapshot())`)
      .orderBy('tx')
      .orderBy('id')
      .limit(pageSize)
      .execute(),
  );
  return rows.map((row) => ({
    tx: BigInt(row.tx),
    id: BigInt(row.id),
    organizationId: row.organization_id,
    kind: row.kind,
    objectId: row.object_id,
  }));
}

/** The position before which everything is committed: what comes from now on lies behind it. */
export async function presentPosition(database: Database): Promise<Position> {
  const { tx } = await database.read((db) =>
    db
      .selectNoFrom(sql<string>`pg_snapshot_xmin(pg_current_snapshot())::text`.as('tx'))
      .executeTakeFirstOrThrow(),
  );
  return { tx: BigInt(tx), id: 0n };
}

/** The first entry that is kept; everything before it may have been trimmed. */
export async function oldestPosition(database: Database): Promise<Position | undefined> {
  const row = await database.read((db) =>
    db.selectFrom('changes').select(['tx', 'id']).orderBy('tx').orderBy('id').limit(1).executeTakeFirst(),
  );
  return row && { tx: BigInt(row.tx), id: BigInt(row.id) };
}

/** Removes entries older than `before`. */
export async function trimChanges(database: Database, before: Date): Promise<void> {
  await database.read((db) => db.deleteFrom('changes').where('at', '<', before).execute());
}
