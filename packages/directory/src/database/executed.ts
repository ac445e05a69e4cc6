import { DrawbridgeError } from '@drawbridge/kit';
import { type Kysely, sql } from 'kysely';

/** Names of the migrations that a database has had, by whatever version. None where it never had one. */
export async function executedMigrations<S>(db: Kysely<S>): Promise<readonly string[]> {
  const { rows: tables } = await sql<{ found: boolean }>`
    select to_regclass('kysely_migration') is not null as found`.execute(db);
  if (!tables[0]?.found) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/**
 * Refuses a database that has had migrations which this version does not know: it would write rows in a form that the newer
 * version has left behind.
 *
 * @throws {DrawbridgeError} `schema_newer`
 */
export function refuseNewer(known: readonly string[], executed: readonly string[], cause: unknown): void {
  const newer = executed.filter((name) => !known.includes(name));
  if (newer.length === 0) return;
  throw new DrawbridgeError('schema_newer', {
    saw: newer.join(', '),
    why: `The database has had ${newer.length === 1 ? 'a migration' : 'migrations'} that this version does not know; it knows ${lastOf(known)}.`,
    cause,
  });
}

/** The last one of each package, which numbers its own. */
function lastOf(names: readonly string[]): string {
  const events = names.filter((name) => name.startsWith('events_')).toSorted();
  const own = names.filter((name) => !name.startsWith('events_')).toSorted();
  return [own, events].flatMap((some) => some.slice(-1).map((name) => `up to ${name}`)).join(' and ');
}
