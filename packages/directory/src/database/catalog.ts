import { type Kysely, sql } from 'kysely';
import type { Database } from './database.ts';
import { openDatabase } from './open.ts';
import type { Schema } from './schema.ts';

/** What a database has otherwise than this version makes it. Each line names one thing of the catalog. */
export interface SchemaDifference {
  /** What this version needs and the database has not, or has otherwise. */
  readonly missing: readonly string[];
  /** What the database has and this version does not know. */
  readonly unknown: readonly string[];
}

/**
 * Compares a database with one that is migrated freshly, by their catalogs: tables, columns with types and defaults,
 * constraints, indexes, triggers and functions. Finds what was changed by hand and what a half-restored backup lacks. Reads
 * only; the fresh database is an embedded one in memory.
 *
 * @throws {DrawbridgeError} `database_unavailable`
 */
export async function compareSchema(database: Database): Promise<SchemaDifference> {
  // First the one that may not answer: making the other takes seconds of this machine.
  const found = await catalogOf(database);
  const fresh = await openDatabase({ memory: true });
  try {
    await fresh.migrate();
    const wanted = await catalogOf(fresh);
    return {
      missing: [...wanted].filter((line) => !found.has(line)),
      unknown: [...found].filter((line) => !wanted.has(line)),
    };
  } finally {
    await fresh.close();
  }
}

async function catalogOf(database: Database): Promise<ReadonlySet<string>> {
  return await database.read(async (db) => {
    const { rows: place } = await sql<{ schema: string }>`select current_schema() as schema`.execute(db);
    const schema = place[0]?.schema ?? 'public';
    const lines = await Promise.all(queries.map((query) => linesOf(db, query)));
    // Definitions name the schema, which may be called otherwise here.
    return new Set(lines.flat().map((line) => line.replaceAll(`${schema}.`, '')));
  });
}

async function linesOf(db: Kysely<Schema>, query: string): Promise<string[]> {
  const { rows } = await sql.raw<{ line: string }>(query).execute(db);
  return rows.map(({ line }) => line);
}

const own = "n.nspname = current_schema() and c.relkind in ('r', 'p')";
const queries: readonly string[] = [
  // The column of identity says always or by default; a default that is none is no word.
  `select 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attnotnull then ' not null' else '' end
      || case when a.attidentity = '' then '' else ' identity ' || a.attidentity::text end
      || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as line
    from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where ${own} and a.attnum > 0 and not a.attisdropped`,
  // Not null stands with the column; newer servers keep it as a constraint as well.
  `select 'constraint ' || c.relname || '.' || k.conname || ' ' || pg_get_constraintdef(k.oid) as line
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where ${own} and k.contype <> 'n'`,
  `select 'index ' || i.indexname || ' ' || i.indexdef as line from pg_indexes i where i.schemaname = current_schema()`,
  `select 'trigger ' || t.tgname || ' ' || pg_get_triggerdef(t.oid) as line
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where ${own} and not t.tgisinternal`,
  `select 'function ' || p.proname || ' ' || md5(p.prosrc) as line
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = current_schema()
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')`,
];
