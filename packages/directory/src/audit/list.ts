import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import { type AuditTable, type Database, findsFew, type Schema, wordsOf } from '../database/index.ts';
import { type AuditFilter, haveAuditWords, narrowAudit } from './filter.ts';

export type AuditRow = Selectable<AuditTable>;
type AuditQuery = SelectQueryBuilder<Schema, 'audit', object>;

/** Which entries to read. */
export interface ListAudit extends AuditFilter {
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
  const rows = await database.read(async (db) => {
    const found = await candidates(db, list);
    return await read(found, { ...list, limit: list.limit + 1 }, 'desc');
  });
  const items = rows.slice(0, list.limit);
  const last = rows.length > list.limit ? items.at(-1) : undefined;
  return { items, ...(last ? { next: last.sequence } : {}) };
}

const exportPage = 1_000;

/** Every entry that matches, the oldest first, in bounded memory. */
export async function* streamAudit(database: Database, filter: AuditFilter): AsyncGenerator<AuditRow> {
  const found = await database.read((db) => candidates(db, filter));
  let after: string | undefined;
  for (;;) {
    const page = { ...filter, limit: exportPage, ...(after === undefined ? {} : { after }) };
    const rows = await database.read(() => read(found, page, 'asc'));
    yield* rows;
    after = rows.at(-1)?.sequence;
    if (rows.length < exportPage || after === undefined) return;
  }
}

/** A count over all organizations ends here: nobody needs to know it more exactly, and counting takes time. */
const mostCounted = 10_000;

/** How many entries match; over all organizations {@link mostCounted} stands for as many or more. */
export async function countAudit(database: Database, filter: AuditFilter): Promise<number> {
  const row = await database.read(async (db) =>
    db
      .selectFrom(
        narrowAudit(await candidates(db, filter), filter)
          .select('audit.sequence')
          .$if(filter.organizationId === undefined, (query) => query.limit(mostCounted))
          .as('matching'),
      )
      .select((count) => count.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow(),
  );
  return Number(row.count);
}

/** All entries, or those that a search finds where they are few enough to be read first. */
async function candidates(db: Kysely<Schema>, { q, organizationId }: AuditFilter): Promise<AuditQuery> {
  const words = wordsOf(q);
  const all = db.selectFrom('audit');
  if (words.length === 0) return all;
  const matching = narrowAudit(all, organizationId === undefined ? {} : { organizationId }).where(
    haveAuditWords(words),
  );
  if (!(await findsFew(db, matching))) return matching;
  const found = sql<AuditTable>`(${matching.selectAll()} offset 0)`.as<'audit'>(sql`audit`);
  return db.selectFrom(found) as unknown as AuditQuery;
}

async function read(found: AuditQuery, list: ListAudit, order: 'asc' | 'desc'): Promise<AuditRow[]> {
  let query = narrowAudit(found, list).selectAll('audit').orderBy('audit.sequence', order).limit(list.limit);
  if (list.after !== undefined)
    query = query.where('audit.sequence', order === 'asc' ? '>' : '<', list.after);
  return await query.execute();
}
