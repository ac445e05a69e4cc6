import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DrawbridgeError, lockFolder, type Secret } from '@drawbridge/kit';
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import { Database, type Driver } from './database.ts';
import { prepareWrites } from './prepared.ts';
import type { Schema } from './schema.ts';

/** Where the data is: a PostgreSQL URL, a folder for the embedded database, or memory. */
export type DatabaseLocation =
  | {
      readonly url: Secret;
      /** Time to connect, in milliseconds. Default 5,000. */
      readonly connectTimeoutMs?: number;
    }
  | { readonly folder: string }
  | { readonly memory: true };

/**
 * Opens the directory's database; its schema is brought up to date by {@link Database.migrate}.
 *
 * @throws {DrawbridgeError} `locked` when another process has the folder open, `database_unavailable` when it does not open
 */
export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  if ('url' in location)
    return new Database(await openPostgres(location.url, location.connectTimeoutMs ?? 5_000));
  return new Database(await openPglite('folder' in location ? location.folder : undefined));
}

async function openPostgres(url: Secret, connectTimeoutMs: number): Promise<Driver> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url.expose(),
    // Runs worked on at once, and some for the API beside them.
    max: 26,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: 30_000,
  });
  // A connection that breaks while idle, or between two queries of a transaction, says so by an event; the query that
  // follows fails by itself. Without listeners the event would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    prepareWrites(client);
  });
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return {
    kind: 'postgres',
    kysely,
    jobs: { connectionString: url.expose() },
    close: () => kysely.destroy(),
  };
}

/** bigint: text on both databases, since it may exceed what a number holds; by itself PGlite makes it a number. */
const int8 = 20;

async function openPglite(folder: string | undefined): Promise<Driver> {
  const [{ PGlite }, { fromPglite }] = await Promise.all([import('@electric-sql/pglite'), import('pg-boss')]);
  let release: (() => Promise<void>) | undefined;
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    release = (await lockFolder(folder)).release;
  }
  try {
    const options = { parsers: { [int8]: (text: string) => text } };
    const pglite =
      folder === undefined
        ? await PGlite.create(options)
        : await PGlite.create(join(folder, 'postgres'), options);
    const kysely = new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) });
    return {
      kind: 'pglite',
      kysely,
      jobs: { db: fromPglite(pglite) },
      close: async () => {
        if (!pglite.closed) await pglite.close();
        await release?.();
      },
    };
  } catch (cause) {
    await release?.();
    throw new DrawbridgeError('database_unavailable', {
      message: 'The embedded database does not open.',
      ...(folder === undefined ? {} : { where: folder }),
      cause,
    });
  }
}
