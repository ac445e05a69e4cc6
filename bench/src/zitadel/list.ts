import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createHttpClient } from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import type { Measurement } from '../report.ts';
import { round } from '../report.ts';
import { startEmulator } from './emulator.ts';

const users = Number(process.env.BENCH_USERS ?? 100_000);
const budgetMb = 150;
const megabyte = 1024 * 1024;

/** What it takes to read every user of a large instance. */
export async function* measureList(): AsyncGenerator<Measurement> {
  const emulator = await startEmulator();
  const seeder = emulator.client({ timeoutMs: 60_000, totalMs: 120_000 });
  const beganSeed = performance.now();
  await seed(seeder, emulator.organizationId);
  const seedSeconds = (performance.now() - beganSeed) / 1_000;
  await seeder.close();

  let calls = 0;
  const http = createHttpClient({ timeoutMs: 60_000, onCall: () => calls++ });
  const zitadel = emulator.client({ http });
  await zitadel.canary();
  const idle = measure();
  calls = 0;
  let seen = 0;
  let pages = 0;
  let live = 0;
  let resident = 0;
  const began = performance.now();
  for await (const page of zitadel.users.list().pages()) {
    seen += page.items.length;
    resident = Math.max(resident, process.memoryUsage.rss());
    if (++pages % 10 === 0) live = Math.max(live, measure().live);
  }
  const seconds = (performance.now() - began) / 1_000;
  const growth = (live - idle.live) / megabyte;
  const rss = (resident - idle.resident) / megabyte;
  const saved = users / calls;
  yield {
    name: `users made (${round(seedSeconds)} s) and listed`,
    value: round(seen),
    budget: { text: `≥ ${round(users)}`, kept: seen >= users },
  };
  yield { name: 'listed in', value: `${round(seconds, 1)} s` };
  yield {
    name: 'calls, against one a user',
    value: `${calls}, ${round(saved)} × fewer`,
    budget: { text: '≥ 50 ×', kept: saved >= 50 },
  };
  yield {
    name: 'live heap over idle',
    value: `${round(growth, 1)} MB`,
    budget: { text: `≤ ${budgetMb} MB`, kept: growth <= budgetMb },
  };
  yield {
    name: 'resident memory over idle',
    value: `${round(rss, 1)} MB`,
    budget: { text: `≤ ${budgetMb} MB`, kept: rss <= budgetMb },
  };
  await zitadel.close();
  await http.close();
  await emulator.stop();
}

async function seed(zitadel: Zitadel, organizationId: string): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < users) {
      const id = `u${next++}`;
      await zitadel.users.create({
        organizationId,
        userId: id,
        username: id,
        human: {
          profile: { givenName: 'Ada', familyName: 'Lovelace' },
          email: { email: `${id}@acme.example`, isVerified: true },
        },
      });
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
}

/** Memory after a full collection. */
function measure(): { readonly live: number; readonly resident: number } {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { live: heapUsed + external, resident: rss };
}
