import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createHttpClient } from '@drawbridge/kit';
import { createIdentityApi, type IdentityApi, type TokenReviewer } from '@drawbridge/kubernetes';
import type { Zitadel } from '@drawbridge/zitadel';
import type { Measurement } from '../report.ts';
import { round } from '../report.ts';
import { startEmulator } from '../zitadel/emulator.ts';
import { quantile } from './load.ts';
import { makeCertificate } from './webhook.ts';

const sessions = 10_000;
const accounts = 200;
const rounds = 9;
/** As many as kubectl asks for at a time. */
const page = 500;
/** What a call to Zitadel takes in a network. */
const latencyMs = 20;
const userId = 'bench-user';
const group = 'identity.miloapis.com';

/** What the virtual identity API adds to the calls that it makes. */
export async function* measureIdentityApi(): AsyncGenerator<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-bench-'));
  const tls = await makeCertificate(folder);
  if (tls === undefined) {
    await rm(folder, { recursive: true });
    yield { name: 'the identity API', value: 'not measured: no openssl here' };
    return;
  }
  const emulator = await startEmulator();
  let calls = 0;
  const http = createHttpClient({ onCall: () => (calls += 1) });
  const zitadel = emulator.client({ http });
  const agent = new Agent({ keepAlive: true, ca: await readFile(tls.certFile) });
  let api: IdentityApi | undefined;
  try {
    await seed(zitadel, emulator.organizationId);
    await emulator.control({ latencyMs });
    api = await createIdentityApi({
      zitadel,
      groups: [group],
      tokens: anybody,
      subjectAccess: async () => ({ allowed: true }),
      serviceAccountKeys: { organizationId: emulator.organizationId },
      port: 0,
      tls,
    });
    await api.start();
    const get = getter(api.url, agent);
    yield* measureSessions(zitadel, get);
    calls = 0;
    const listed = JSON.parse(await get('serviceaccountkeys')) as { readonly items: readonly unknown[] };
    yield {
      name: `calls to Zitadel for ${listed.items.length} keys of ${accounts} accounts`,
      value: round(calls),
      budget: { text: '≤ 3, the pages of three lists', kept: calls <= 3 },
    };
  } finally {
    agent.destroy();
    await api?.stop();
    await zitadel.close();
    await http.close();
    await emulator.stop();
    await rm(folder, { recursive: true });
  }
}

async function* measureSessions(
  zitadel: Zitadel,
  get: (path: string) => Promise<string>,
): AsyncGenerator<Measurement> {
  const direct = await median(() => zitadel.sessions.list({ userId }).all());
  const whole = await median(() => get('sessions'));
  const own = whole - direct;
  const budget = 2 + sessions * 0.01;
  yield {
    name: `${round(sessions)} sessions listed, over Zitadel's own ${round(direct)} ms`,
    value: `${round(own, 1)} ms`,
    budget: { text: `≤ ${round(budget)} ms`, kept: own <= budget },
  };
  const one = await median(async () => {
    for await (const first of zitadel.sessions.list({ userId }, { pageSize: page + 20 }).pages())
      if (first.items.length > 0) return;
  });
  const asked = await median(() => get(`sessions?limit=${page}`));
  yield {
    name: `a page of ${page}, Zitadel ${latencyMs} ms away, to the call alone`,
    value: `${round(asked / one, 2)} ×`,
    budget: { text: '≤ 1.3 ×', kept: asked / one <= 1.3 },
  };
}

async function seed(zitadel: Zitadel, organizationId: string): Promise<void> {
  const machine = { name: 'bench' };
  await zitadel.users.create({ organizationId, userId, machine });
  await inParallel(sessions, (at) =>
    zitadel.sessions.create({
      checks: { user: { userId } },
      userAgent: { ip: '203.0.113.7', description: `Browser ${at}` },
    }),
  );
  const expiresAt = new Date(Date.now() + 86_400_000);
  await inParallel(accounts, async (at) => {
    const { id } = await zitadel.users.create({ organizationId, username: `account-${at}`, machine });
    await zitadel.users.addKey(id, { expiresAt, publicKey });
  });
}

async function inParallel(count: number, work: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < count) await work(next++);
    }),
  );
}

/** One key for all: making pairs is not what is measured. */
const publicKey = [
  '-----BEGIN PUBLIC KEY-----',
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt',
  '6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==',
  '-----END PUBLIC KEY-----',
].join('\n');

const anybody: TokenReviewer = {
  review: async () => ({
    authenticated: true,
    user: { username: userId, uid: userId, groups: [], extra: {} },
  }),
};

function getter(url: string, agent: Agent): (path: string) => Promise<string> {
  return (path) =>
    new Promise((resolve, reject) => {
      const sent = request(
        `${url}/apis/${group}/v1alpha1/${path}`,
        { agent, headers: { authorization: 'Bearer bench' } },
        (response) => {
          text(response).then((body) => {
            if (response.statusCode === 200) resolve(body);
            else reject(new Error(body));
          }, reject);
        },
      );
      sent.on('error', reject);
      sent.end();
    });
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  await work();
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return quantile(times, 0.5);
}
