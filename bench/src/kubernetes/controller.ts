import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createHttpClient, createMetrics, type Metrics } from '@drawbridge/kit';
import {
  createCluster,
  createControllers,
  type ObjectClient,
  type User,
  users,
} from '@drawbridge/kubernetes';
import type { Zitadel } from '@drawbridge/zitadel';
import type { Measurement } from '../report.ts';
import { round } from '../report.ts';
import { type RunningEmulator, startEmulator } from '../zitadel/emulator.ts';

const count = 10_000;
const atOnce = 32;
const workers = 8;
/** What a call to Zitadel takes in a network. */
const latencyMs = 5;
const megabyte = 1024 * 1024;

/** The controllers taking in the people of a cluster, beside a stand-in of kube-apiserver and an emulated Zitadel in processes of their own. */
export async function* measureController(): AsyncGenerator<Measurement> {
  const emulator = await startEmulator();
  const seeding = emulator.client();
  const server = await startStandIn();
  const cluster = createCluster({ access: { server: server.url, credentials: async () => ({}) } });
  try {
    await seed(emulator, seeding, cluster.objects(users));
    await emulator.control({ latencyMs });
    yield* measureIntake(emulator, cluster);
  } finally {
    await cluster.close();
    await seeding.close();
    await server.stop();
    await emulator.stop();
  }
}

async function* measureIntake(
  emulator: RunningEmulator,
  cluster: ReturnType<typeof createCluster>,
): AsyncGenerator<Measurement> {
  let calls = 0;
  const http = createHttpClient({ onCall: () => (calls += 1) });
  const zitadel = emulator.client({ http });
  const metrics = await createMetrics({ process: false });
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const start = (settings: { readonly resyncMs: number }) => {
    const stop = new AbortController();
    const controllers = createControllers({
      zitadel,
      cluster,
      emailSuffix: 'identity.example.com',
      workers,
      lease: { cluster, namespace: 'default', name: 'bench' },
      metrics,
      ...settings,
    });
    const ended = controllers.run(stop.signal);
    return async () => {
      stop.abort();
      await ended;
    };
  };
  const began = performance.now();
  const stop = start({ resyncMs: 3_600_000 });
  await looked(metrics, count);
  const seconds = (performance.now() - began) / 1_000;
  const memory = process.memoryUsage().rss - before;
  await calm(metrics);
  const looks = await total(metrics);
  await stop();
  yield {
    name: `${round(count)} users taken in, Zitadel ${latencyMs} ms away`,
    value: `${round(seconds, 1)} s, ${round(count / seconds)}/s`,
  };
  yield {
    name: 'looks at each of them, and calls to Zitadel',
    value: `${round(looks / count, 2)} and ${round(calls / count, 2)}`,
    budget: { text: '1 look', kept: looks === count },
  };
  yield {
    name: 'of the rate that the calls allow',
    value: `${round((((calls * latencyMs) / 1_000 / workers) * 100) / seconds)} %`,
  };
  yield { name: 'resident memory over before', value: `${round(memory / megabyte)} MB` };

  calls = 0;
  const from = await total(metrics);
  const again = performance.now();
  const stopAgain = start({ resyncMs: 3_600_000 });
  await looked(metrics, from + count);
  const second = (performance.now() - again) / 1_000;
  yield {
    name: 'all looked at by the next leader, nothing to do',
    value: `${round(second, 1)} s, ${round(count / second)}/s`,
  };
  await stopAgain();
  await zitadel.close();
  await http.close();
}

/** Waits until the users have been looked at so often. */
async function looked(metrics: Metrics, times: number): Promise<void> {
  while ((await total(metrics)) < times) await sleep(50);
}

/** Waits until nobody is looked at any more: what a look writes must not cause another. */
async function calm(metrics: Metrics): Promise<void> {
  for (let before = -1, now = await total(metrics); now !== before; now = await total(metrics)) {
    before = now;
    await sleep(1_000);
  }
}

async function total(metrics: Metrics): Promise<number> {
  const line = /drawbridge_reconciles_total\{controller="users",outcome="ok"\} (\d+)/.exec(
    await metrics.text(),
  );
  return Number(line?.[1] ?? 0);
}

async function seed(
  { organizationId }: RunningEmulator,
  zitadel: Zitadel,
  objects: ObjectClient<User>,
): Promise<void> {
  const names = Array.from({ length: count }, (_, at) => `user-${at}`);
  const one = async (name: string) => {
    const email = `${name}@example.com`;
    const profile = { givenName: 'Ann', familyName: 'Ash' };
    await zitadel.users.create({
      userId: name,
      organizationId,
      human: { profile, email: { email, isVerified: true } },
    });
    await objects.create({ metadata: { name }, spec: { email, ...profile } });
  };
  for (let at = 0; at < names.length; at += atOnce) await Promise.all(names.slice(at, at + atOnce).map(one));
}

export async function startStandIn(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const program = fileURLToPath(import.meta.resolve('./api-server-process.ts'));
  const child = fork(program, [], { execArgv: ['--conditions=@drawbridge/source'] });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return {
    url,
    stop: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
