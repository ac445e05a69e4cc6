import { randomBytes } from 'node:crypto';
import { type EventsDatabase, type EventsSchema, eventsMigrations } from '@drawbridge/events';
import { PGlite } from '@electric-sql/pglite';
import { type Generated, Kysely, PGliteDialect, PostgresDialect, sql } from 'kysely';
import { Migrator } from 'kysely/migration';

/** A table of the test's own, in which handlers note what they applied. */
export interface TestSchema extends EventsSchema {
  applied: {
    id: Generated<number>;
    consumer: string;
    aggregate_id: string;
    sequence: number;
    event_type: string;
  };
}

export interface TestDatabase extends EventsDatabase<TestSchema> {
  readonly kysely: Kysely<TestSchema>;
  /** Empties every table. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** A way to get a migrated database of one's own. */
export interface DatabaseKind {
  readonly name: string;
  open(): Promise<TestDatabase>;
}

const pglite: DatabaseKind = {
  name: 'PGlite',
  async open() {
    const server = await PGlite.create();
    const kysely = new Kysely<TestSchema>({ dialect: new PGliteDialect({ pglite: server }) });
    return await prepare('pglite', kysely, () => server.close());
  },
};

function postgres(url: string): DatabaseKind {
  return {
    name: 'PostgreSQL',
    async open() {
      const { default: pg } = await import('pg');
      const name = `drawbridge_events_${randomBytes(6).toString('hex')}`;
      const run = async (statement: string) => {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        try {
          await client.query(statement);
        } finally {
          await client.end();
        }
      };
      await run(`create database ${name}`);
      const own = new URL(url);
      own.pathname = `/${name}`;
      const pool = new pg.Pool({ connectionString: own.href, max: 10 });
      // Dropping the database ends connections that the pool still lets go of.
      pool.on('error', () => undefined);
      const kysely = new Kysely<TestSchema>({ dialect: new PostgresDialect({ pool }) });
      return await prepare('postgres', kysely, async () => {
        await kysely.destroy();
        await run(`drop database ${name} with (force)`);
      });
    },
  };
}

async function prepare(
  kind: 'pglite' | 'postgres',
  kysely: Kysely<TestSchema>,
  close: () => Promise<void>,
): Promise<TestDatabase> {
  const migrator = new Migrator({
    db: kysely,
    provider: { getMigrations: async () => ({ ...eventsMigrations }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  await sql`create table applied (
    id integer generated always as identity primary key, consumer text not null, aggregate_id text not null, sequence integer not null, event_type text not null
  )`.execute(kysely);
  return {
    kind,
    kysely,
    transaction: (work) => kysely.transaction().execute(work),
    read: (work) => work(kysely),
    clear: async () => {
      await sql`truncate applied, events_inbox, events_consumers, events_deliveries, events_cursors,
        events_instances, events_revocations restart identity`.execute(kysely);
    },
    close,
  };
}

const server = process.env.E2E_DATABASE_URL;

/** PGlite always; PostgreSQL where a server is given by E2E_DATABASE_URL. */
export const databases: readonly DatabaseKind[] = server ? [pglite, postgres(server)] : [pglite];
