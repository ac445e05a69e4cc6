import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Database, ImportRowTable, ImportTable } from '../database/index.ts';

export type ImportRow = Selectable<ImportRowTable>;

/** What became of a row. `none` of those that had nothing to do, `open` of those whose turn has not come. */
export const rowOutcomes = ['open', 'running', 'done', 'waiting', 'attention', 'failed', 'none'] as const;
export type RowOutcome = (typeof rowOutcomes)[number];

/** An import with its rows counted. */
export interface ImportView {
  readonly entry: Selectable<ImportTable>;
  readonly plan: Readonly<Record<ImportRow['plan'], number>>;
  readonly outcome: Readonly<Record<RowOutcome, number>>;
}

/** A row with its run. */
export interface RowView {
  readonly row: number;
  readonly plan: ImportRow['plan'];
  readonly outcome: RowOutcome;
  readonly content: Readonly<Record<string, string>>;
  readonly userId: string | null;
  readonly runId: string | null;
  readonly field: string | null;
  readonly code: string | null;
  readonly message: string | null;
}

/** Expects `import_rows as r` and, joined to it, `provisioning_runs as p`. A run taken back is a row that failed. */
const outcome = sql<RowOutcome>`case
  when r.state = 'failed' or r.plan = 'refuse' then 'failed'
  when r.plan = 'same' then 'none'
  when r.state = 'planned' then 'open'
  when p.state in ('done', 'waiting') then p.state
  when p.state in ('attention', 'quarantined') then 'attention'
  when p.state in ('compensated', 'abandoned') or p.state is null then 'failed'
  else 'running' end`;

/** One import, if there is one. */
export async function getImport(database: Database, id: string): Promise<ImportView | undefined> {
  const entry = await database.read((db) =>
    db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst(),
  );
  return entry && (await complete(database, [entry]))[0];
}

export interface ListImports {
  readonly organizationId: string;
  /** Id of the last import of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** Imports of an organization, the newest first. */
export async function listImports(
  database: Database,
  { organizationId, after, limit }: ListImports,
): Promise<{ readonly items: readonly ImportView[]; readonly next?: string }> {
  const found = await database.read((db) =>
    db
      .selectFrom('imports')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .$if(after !== undefined, (query) => query.where('id', '<', after ?? ''))
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute(),
  );
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return { items: await complete(database, page), ...(last ? { next: last.id } : {}) };
}

async function complete(
  database: Database,
  entries: readonly Selectable<ImportTable>[],
): Promise<ImportView[]> {
  if (entries.length === 0) return [];
  const ids = entries.map(({ id }) => id);
  const counted = await database.read(async (db) => {
    const { rows } = await sql<{ id: string; plan: ImportRow['plan']; outcome: RowOutcome; count: number }>`
      select r.import_id as id, r.plan, ${outcome} as outcome, count(*)::integer as count
      from import_rows r left join provisioning_runs p on p.id = r.run_id
      where r.import_id = any(${sql.val(ids)}::text[]) group by 1, 2, 3`.execute(db);
    return Map.groupBy(rows, ({ id }) => id);
  });
  return entries.map((entry) => {
    const rows = counted.get(entry.id) ?? [];
    const sum = (of: (row: (typeof rows)[number]) => boolean) =>
      rows.filter(of).reduce((total, { count }) => total + count, 0);
    const plan = (name: ImportRow['plan']) => sum((row) => row.plan === name);
    // Rows that the dry run refused have no outcome: they are told beside it.
    const end = (name: RowOutcome) => sum((row) => row.plan !== 'refuse' && row.outcome === name);
    return {
      entry,
      plan: { create: plan('create'), change: plan('change'), same: plan('same'), refuse: plan('refuse') },
      outcome: {
        open: end('open'),
        running: end('running'),
        done: end('done'),
        waiting: end('waiting'),
        attention: end('attention'),
        failed: end('failed'),
        none: end('none'),
      },
    };
  });
}

export interface ListRows {
  readonly plan?: ImportRow['plan'];
  readonly outcome?: RowOutcome;
  /** Only rows that a person has to look at: refused, failed or stopped. */
  readonly stuck?: boolean;
  /** The last row of the page before. */
  readonly after?: number;
  readonly limit: number;
}

/** Rows of an import in the order of the file. */
export async function listRows(
  database: Database,
  importId: string,
  { plan, outcome: wanted, stuck = false, after = 0, limit }: ListRows,
): Promise<{ readonly items: readonly RowView[]; readonly next?: number }> {
  const conditions: RawBuilder<unknown>[] = [sql`r.import_id = ${importId}`, sql`r.row > ${after}`];
  if (plan !== undefined) conditions.push(sql`r.plan = ${plan}`);
  if (wanted !== undefined) conditions.push(sql`${outcome} = ${wanted}`);
  if (stuck) conditions.push(sql`${outcome} in ('attention', 'failed')`);
  const { rows } = await database.read((db) =>
    sql<RowView>`
      select r.row, r.plan, ${outcome} as outcome, r.content, r.user_id as "userId", r.run_id as "runId", r.field,
        coalesce(r.code, p.reason_code) as code, coalesce(r.message, p.reason) as message
      from import_rows r left join provisioning_runs p on p.id = r.run_id
      where ${sql.join(conditions, sql` and `)} order by r.row limit ${limit + 1}`.execute(db),
  );
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, ...(last ? { next: last.row } : {}) };
}

/** Every row, read page by page while it is taken. */
export async function* streamRows(
  database: Database,
  importId: string,
  list: Omit<ListRows, 'after' | 'limit'>,
): AsyncGenerator<RowView> {
  let after: number | undefined = 0;
  do {
    const page: Awaited<ReturnType<typeof listRows>> = await listRows(database, importId, {
      ...list,
      after,
      limit: 500,
    });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

/** Role keys that an import gives or touches, so that whoever starts it may be held to their own. */
export async function rolesOf(database: Database, importId: string): Promise<string[]> {
  const { rows } = await database.read((db) =>
    sql<{ role: string }>`
      select coalesce(nullif(r.content->>'role', ''), 'user') as role from import_rows r
        where r.import_id = ${importId} and r.plan in ('create', 'change')
      union
      select m.role_key from import_rows r join memberships m on m.user_id = r.user_id
        where r.import_id = ${importId} and r.plan = 'change'`.execute(db),
  );
  return rows.map(({ role }) => role);
}
