import type { Directory } from '@drawbridge/directory';
import { sql } from 'kysely';
import type { Measurement } from '../report.ts';
import { round } from '../report.ts';
import { startEmulator } from '../zitadel/emulator.ts';
import { fillWithMany } from './many.ts';
import { ownDatabase } from './own-database.ts';
import { percentile } from './rate.ts';
import { addTenant, openDirectoryOn, root } from './tenant.ts';

const users = Number(process.env.BENCH_PEOPLE ?? 1_000_000);
const tenants = 1_000;
const times = 60;
/** A count over all tenants ends at 10,000 of the million. */
const shareOfTable = 2;
/** PostgreSQL tells its counts at the latest when a connection was idle for ten seconds. */
const countsAfterMs = 11_000;

/** What people and programs ask for; `q` and cursors differ from request to request. */
const paths: readonly (readonly [string, (n: number) => string])[] = [
  ['users, by creation', () => '/api/users?limit=100'],
  ['users, by name', () => '/api/users?limit=100&sort=name'],
  ['users, by address', () => '/api/users?limit=100&sort=email'],
  ['users, by change', () => '/api/users?limit=100&sort=-changed'],
  ['users, a word begun', (n) => `/api/users?limit=100&q=f${hex(n, 4)}`],
  ['users, a common word begun, by name', (n) => `/api/users?limit=100&sort=name&q=g${hex(n, 2)}`],
  ['users, one address', (n) => `/api/users?limit=100&email=nobody${n}%40o1.example`],
  ['users, active', () => '/api/users?limit=100&state=active'],
  ['users, inactive', () => '/api/users?limit=100&state=inactive'],
  ['users, waiting', () => '/api/users?limit=100&state=waiting'],
  ['users, whose run stopped', () => '/api/users?limit=100&state=attention'],
  ['users, counted', () => '/api/users?limit=1&count=true'],
  ["a tenant's users, by name", (n) => `/api/users?limit=100&organization=o${n}&sort=name`],
  ["a tenant's users, a word begun", (n) => `/api/users?limit=100&organization=o${n}&q=f${hex(n, 1)}`],
  ["a tenant's users, counted", (n) => `/api/users?limit=1&organization=o${n}&count=true`],
  ['one user', (n) => `/api/users/u${String(n * 1_009 + 1).padStart(8, '0')}`],
  ['runs', () => '/api/runs?limit=100'],
  ['runs that stopped', () => '/api/runs?limit=100&state=attention'],
  ["a tenant's runs", (n) => `/api/runs?limit=100&organization=o${n}`],
  ['audit', () => '/api/audit?limit=100'],
  ["a tenant's audit", (n) => `/api/audit?limit=100&organization=o${n}`],
  ['audit, of one actor', (n) => `/api/audit?limit=100&actor=z${n}`],
  ['audit, of one action', () => '/api/audit?limit=100&action=setting.'],
  ['audit, counted', () => '/api/audit?limit=1&action=user.&count=true'],
  ['overview', () => '/api/overview'],
  ["a tenant's overview", (n) => `/api/overview?organization=o${n}`],
];

/** The one list for which a planner that takes random reads to be dear reads all users: few of very many, in another order. */
const dear: typeof paths = [
  ['users, administrators by name', () => '/api/users?limit=100&role=admin&sort=name'],
];

/** Reads of a large directory, against a bare round trip to its database and against an answer without one. */
export async function* measureReads(): AsyncGenerator<Measurement> {
  const database = await ownDatabase();
  if (!('url' in database.location)) {
    yield { name: 'reads of a large directory', value: 'no E2E_DATABASE_URL' };
    return;
  }
  const emulator = await startEmulator();
  try {
    const directory = await openDirectoryOn(emulator, database.location, { work: false });
    try {
      await addTenant(emulator, directory);
      const began = performance.now();
      await fillWithMany(database.location.url, { users, tenants });
      const seconds = (performance.now() - began) / 1_000;
      yield { name: `users of ${round(tenants)} tenants, made in ${round(seconds)} s`, value: round(users) };
      await directory.start();
      yield* measure(directory);
    } finally {
      await directory.stop();
    }
  } finally {
    await emulator.stop();
    await database.drop();
  }
}

async function* measure(directory: Directory): AsyncGenerator<Measurement> {
  const before = await sequential(directory);
  const bare = await timesOf(() => directory.database.db.selectNoFrom(sql`1`.as('one')).execute());
  const livez = await timesOf(() => get(directory, '/livez'));
  const [bareMs, livezMs] = [percentile(bare, 0.5), percentile(livez, 0.5)];
  yield { name: 'select 1', value: latency(bare) };
  yield { name: 'GET /livez', value: latency(livez) };
  const told = async ([name, path]: (typeof paths)[number]): Promise<Measurement> => {
    const taken = await timesOf((n) => get(directory, path(n)));
    const median = percentile(taken, 0.5);
    return {
      name,
      value: `${latency(taken)}, ${round(median / bareMs)} × select 1, ${round(median / livezMs, 1)} × livez`,
    };
  };
  for (const path of paths) yield await told(path);
  await new Promise((resolve) => setTimeout(resolve, countsAfterMs));
  const share = largestShare(before, await sequential(directory));
  yield {
    name: 'of users, audit or runs a sequential read came to at most',
    value: `${round(share, 1)} %`,
    budget: { text: `≤ ${shareOfTable} %`, kept: share <= shareOfTable },
  };
  for (const path of dear) yield await told(path);
}

/** What was read of a large table from its beginning, as the database itself counts. */
interface Sequential {
  readonly scans: number;
  readonly rows: number;
  readonly size: number;
}

async function sequential({ database }: Directory): Promise<ReadonlyMap<string, Sequential>> {
  const { rows } = await sql<{ table: string; scans: string; rows: string; size: string }>`
    select relname as table, seq_scan as scans, seq_tup_read as rows, n_live_tup as size
    from pg_stat_user_tables
    where relname in ('users', 'memberships', 'audit', 'provisioning_runs')`.execute(database.db);
  return new Map(
    rows.map((row) => [
      row.table,
      { scans: Number(row.scans), rows: Number(row.rows), size: Number(row.size) },
    ]),
  );
}

/**
 * The largest share of a table that its sequential reads came to on average, in percent. A count that ends at 10,000 reads as many
 * rows in a row, and no index would be faster; a list that reads a table whole comes to a hundred.
 */
function largestShare(
  before: ReadonlyMap<string, Sequential>,
  after: ReadonlyMap<string, Sequential>,
): number {
  const shares = [...after].map(([table, { scans, rows, size }]) => {
    const made = scans - (before.get(table)?.scans ?? 0);
    return made === 0 ? 0 : (100 * (rows - (before.get(table)?.rows ?? 0))) / made / size;
  });
  return Math.max(...shares);
}

async function timesOf(work: (n: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let n = 0; n < times + 5; n += 1) {
    const began = performance.now();
    await work(n);
    // The first ones open connections and fill caches.
    if (n >= 5) taken.push(performance.now() - began);
  }
  return taken;
}

async function get({ url }: Directory, path: string): Promise<void> {
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${root}` } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
}

function latency(taken: readonly number[]): string {
  return `p50 ${round(percentile(taken, 0.5), 1)} ms, p99 ${round(percentile(taken, 0.99), 1)} ms`;
}

/** Digits that look drawn by lot and are the same in every run. */
function hex(n: number, digits: number): string {
  return ((n * 40_503) % 16 ** digits).toString(16).padStart(digits, '0');
}
