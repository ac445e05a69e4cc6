import { randomBytes } from 'node:crypto';
import { type Database, type DatabaseLocation, openDatabase } from '@drawbridge/directory';
import { Secret } from '@drawbridge/kit';

/** A way to get an empty, migrated database, and to be rid of it. */
export interface DatabaseKind {
  readonly name: string;
  open(): Promise<{ readonly database: Database; readonly close: () => Promise<void> }>;
  /** Where a directory of its own is to be opened; `close` after it was stopped. */
  location(): Promise<{ readonly location: DatabaseLocation; readonly close: () => Promise<void> }>;
}

const pglite: DatabaseKind = {
  name: 'PGlite',
  async open() {
    const database = await openDatabase({ memory: true });
    await database.migrate();
    return { database, close: () => database.close() };
  },
  location: async () => ({ location: { memory: true }, close: async () => undefined }),
};

function postgres(url: string): DatabaseKind {
  return {
    name: 'PostgreSQL',
    async open() {
      const own = await createOwn(url);
      const database = await openDatabase({ url: new Secret(own.url) });
      await database.migrate();
      return {
        database,
        close: async () => {
          await database.close();
          await own.drop();
        },
      };
    },
    async location() {
      const own = await createOwn(url);
      return { location: { url: new Secret(own.url) }, close: own.drop };
    },
  };
}

/** A database of this test's own on the given server, a copy of `template` where one is named. */
export async function createOwn(
  url: string,
  template?: string,
): Promise<{ readonly url: string; readonly name: string; readonly drop: () => Promise<void> }> {
  const { default: pg } = await import('pg');
  const name = `drawbridge_test_${randomBytes(6).toString('hex')}`;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await run(`create database ${name}${template ? ` template ${template}` : ''}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, name, drop: () => run(`drop database ${name} with (force)`) };
}

const server = process.env.E2E_DATABASE_URL;

/** PGlite always; PostgreSQL where a server is given by E2E_DATABASE_URL. */
export const databases: readonly DatabaseKind[] = server ? [pglite, postgres(server)] : [pglite];
