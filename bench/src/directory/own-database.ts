import { randomBytes } from 'node:crypto';
import type { DatabaseLocation } from '@drawbridge/directory';
import { Secret } from '@drawbridge/kit';

/** A database of this benchmark's own. */
export interface OwnDatabase {
  readonly kind: string;
  readonly location: DatabaseLocation;
  drop(): Promise<void>;
}

/** On the server of E2E_DATABASE_URL, or else in memory. */
export async function ownDatabase(): Promise<OwnDatabase> {
  const server = process.env.E2E_DATABASE_URL;
  if (!server) return { kind: 'PGlite', location: { memory: true }, drop: async () => undefined };
  const { default: pg } = await import('pg');
  const name = `drawbridge_bench_${randomBytes(6).toString('hex')}`;
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: server });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await run(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    kind: 'PostgreSQL',
    location: { url: new Secret(url.href) },
    drop: () => run(`drop database ${name} with (force)`),
  };
}
