import type { Selectable, SelectQueryBuilder } from 'kysely';
import type { AuditTable, Database, Schema } from '../database/index.ts';

export type AuditRow = Selectable<AuditTable>;
type AuditQuery = SelectQueryBuilder<Schema, 'audit', object>;

/** Which entries to read. */
export interface ListAudit {
  /** Null: the site's own; absent: all. */
  readonly organizationId?: string | null;
  readonly actor?: string;
  /** The action itself, or what it begins with: `user.`. */
  readonly action?: string;
  readonly objectId?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly requestId?: string;
  /** Sequence of the last entry of the page before. */
  readonly after?: string;
  readonly limit: number;
}

export interface AuditPage {
  readonly items: readonly AuditRow[];
  readonly next?: string;
}

/** Entries page by page, the newest first. */
export async function listAudit(database: Database, list: ListAudit): Promise<AuditPage> {
  const rows = await read(database, { ...list, limit: list.limit + 1 }, 'desc');
  const items = rows.slice(0, list.limit);
  const last = rows.length > list.limit ? items.at(-1) : undefined;
  return { items, ...(last ? { next: last.sequence } : {}) };
}

const exportPage = 1_000;

/** Every entry that matches, the oldest first, in bounded memory. */
export async function* streamAudit(
  database: Database,
  list: Omit<ListAudit, 'after' | 'limit'>,
): AsyncGenerator<AuditRow> {
  let after: string | undefined;
  for (;;) {
    const rows = await read(
      database,
      { ...list, limit: exportPage, ...(after === undefined ? {} : { after }) },
      'asc',
    );
    yield* rows;
    after = rows.at(-1)?.sequence;
    if (rows.length < exportPage || after === undefined) return;
  }
}

/** A count over all organizations ends here: nobody needs to know it more exactly, and counting takes time. */
const mostCounted = 10_000;

/** How many entries match; over all organizations {@link mostCounted} stands for as many or more. */
export async function countAudit(
  database: Database,
  list: Omit<ListAudit, 'after' | 'limit'>,
): Promise<number> {
  const row = await database.read((db) =>
    db
      .selectFrom(
        narrow(db.selectFrom('audit'), list)
          .select('sequence')
          .$if(list.organizationId === undefined, (query) => query.limit(mostCounted))
          .as('matching'),
      )
      .select((count) => count.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow(),
  );
  return Number(row.count);
}

async function read(database: Database, list: ListAudit, order: 'asc' | 'desc'): Promise<AuditRow[]> {
  return await database.read((db) => {
    let query = narrow(db.selectFrom('audit'), list).selectAll().orderBy('sequence', order).limit(list.limit);
    if (list.after !== undefined) query = query.where('sequence', order === 'asc' ? '>' : '<', list.after);
    return query.execute();
  });
}

function narrow(
  base: AuditQuery,
  { organizationId, actor, action, objectId, from, to, requestId }: Omit<ListAudit, 'after' | 'limit'>,
): AuditQuery {
  let query = base;
  if (organizationId !== undefined)
    query = query.where('organization_id', organizationId === null ? 'is' : '=', organizationId);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (action !== undefined)
    query = query.where('action', 'like', `${action.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`);
  if (objectId !== undefined) query = query.where('object_id', '=', objectId);
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  if (requestId !== undefined) query = query.where('request_id', '=', requestId);
  return query;
}
