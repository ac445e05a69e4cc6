import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Directory } from '@drawbridge/directory';
import { noMetrics } from '@drawbridge/kit';
import type { Measurement } from '../report.ts';
import { round } from '../report.ts';
import { type RunningEmulator, startEmulator } from '../zitadel/emulator.ts';
import { type OwnDatabase, ownDatabase } from './own-database.ts';
import { percentile, together, until } from './rate.ts';
import { addTenant, ask, openDirectoryOn } from './tenant.ts';

const atOnce = 16;
const latencyMs = 25;
const share = 0.9;

/** How fast users are provisioned where only Zitadel's calls take time, on PostgreSQL and embedded. */
export async function* measureProvisioning(): AsyncGenerator<Measurement> {
  const database = await ownDatabase();
  if (database.kind === 'PostgreSQL') yield* measure(database, Number(process.env.BENCH_RUNS ?? 1_500));
  else yield { name: 'provisioning on PostgreSQL', value: 'no E2E_DATABASE_URL' };
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-bench-'));
  yield* measure(
    {
      kind: 'PGlite',
      location: { folder },
      drop: () => rm(folder, { recursive: true, force: true }),
    },
    200,
  );
}

async function* measure(database: OwnDatabase, runs: number): AsyncGenerator<Measurement> {
  const emulator = await startEmulator();
  let calls = 0;
  try {
    await request(emulator, database, runs);
    await emulator.control({ latencyMs });
    const directory = await openDirectoryOn(emulator, database.location, {
      serve: false,
      metrics: {
        ...noMetrics,
        count: (name) => {
          if (name === 'drawbridge_outbound_requests_total') calls += 1;
        },
      },
    });
    try {
      const cpu = process.cpuUsage();
      await directory.start();
      await until(() => allOver(directory, runs), 250);
      const { user, system } = process.cpuUsage(cpu);
      const finished = await finishes(directory);
      const perRun = calls / runs;
      const rate = steadyRate(finished);
      const reckoned = (atOnce * 1_000) / latencyMs / perRun;
      const bare = (await bareCalls(emulator)) / perRun;
      const on = `${round(runs)} users, ${database.kind}`;
      yield { name: `calls a run, ${on}`, value: round(perRun, 2) };
      yield {
        name: `rate that ${latencyMs} ms a call, ${atOnce} at once, allow`,
        value: `${round(reckoned, 1)}/s`,
      };
      yield { name: 'the same calls made bare, with the same client', value: `${round(bare, 1)}/s` };
      yield {
        name: 'users provisioned',
        value: `${round(rate, 1)}/s, ${round(rate / bare, 2)} × bare`,
        ...(database.kind === 'PostgreSQL'
          ? { budget: { text: `≥ ${share} × bare`, kept: rate >= share * bare } }
          : {}),
      };
      yield {
        name: 'the same of what was reckoned',
        value: `${round((100 * rate) / reckoned)} %`,
      };
      yield {
        name: "this process's own time",
        value: `${round((user + system) / 1_000 / runs, 1)} ms a run`,
      };
    } finally {
      await directory.stop();
    }
  } finally {
    await emulator.stop();
    await database.drop();
  }
}

/** Asks for users while nobody works on them. */
async function request(emulator: RunningEmulator, { location }: OwnDatabase, runs: number): Promise<void> {
  const directory = await openDirectoryOn(emulator, location, { work: false });
  try {
    await addTenant(emulator, directory);
    await directory.start();
    await together(runs, 8, (index) =>
      ask(directory, '/api/users', {
        method: 'POST',
        body: {
          organization: 'north',
          email: `u${index}@north.example`,
          givenName: 'Ada',
          familyName: 'Okafor',
          role: 'user',
        },
      }),
    );
  } finally {
    await directory.stop();
  }
}

async function allOver({ database }: Directory, runs: number): Promise<boolean> {
  const { count } = await database.db
    .selectFrom('provisioning_runs')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('state', '=', 'done')
    .executeTakeFirstOrThrow();
  return Number(count) === runs;
}

async function finishes({ database }: Directory): Promise<number[]> {
  const rows = await database.db
    .selectFrom('provisioning_runs')
    .select('finished_at')
    .where('finished_at', 'is not', null)
    .orderBy('finished_at')
    .execute();
  return rows.map(({ finished_at }) => finished_at?.getTime() ?? 0);
}

/** Without the first tenth, in which everything warms up, and the last runs, which have the workers to themselves. */
function steadyRate(times: readonly number[]): number {
  const from = Math.floor(times.length * 0.1);
  const to = times.length - atOnce;
  const seconds = ((times[to] ?? 0) - (times[from] ?? 0)) / 1_000;
  return (to - from) / seconds;
}

/** Calls a second with nothing between them, as many at once as runs make. */
async function bareCalls(emulator: RunningEmulator): Promise<number> {
  const zitadel = emulator.client();
  try {
    const userId = 'bare';
    await zitadel.users.create({
      organizationId: 'north',
      userId,
      username: userId,
      human: {
        profile: { givenName: 'Ada', familyName: 'Okafor' },
        email: { email: 'bare@north.example', isVerified: true },
      },
    });
    await together(200, atOnce, () => zitadel.users.get(userId));
    const times: number[] = [];
    const count = 1_500;
    const ms = await together(count, atOnce, async () => {
      const began = performance.now();
      await zitadel.users.get(userId);
      times.push(performance.now() - began);
    });
    if (percentile(times, 0.5) < latencyMs) throw new Error('the emulator answers sooner than it should');
    return count / (ms / 1_000);
  } finally {
    await zitadel.close();
  }
}
