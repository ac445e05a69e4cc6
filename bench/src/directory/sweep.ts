import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  addOrganization,
  type Directory,
  openDirectory,
  putSiteAdministrator,
  putZitadelIntegration,
} from '@drawbridge/directory';
import { newId, noMetrics } from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import type { Measurement } from '../report.ts';
import { round } from '../report.ts';
import { type RunningEmulator, startEmulator } from '../zitadel/emulator.ts';
import { ownDatabase } from './own-database.ts';

const users = Number(process.env.BENCH_USERS ?? 100_000);
const organizations = 4;
const inactive = 40;
const budgetMb = 150;
const megabyte = 1024 * 1024;
const root = 'root';

/** A sweep of a large directory, against reading each user by itself. */
export async function* measureSweep(): AsyncGenerator<Measurement> {
  const emulator = await startEmulator();
  const database = await ownDatabase();
  let calls = 0;
  const directory = await openDirectory({
    database: database.location,
    port: 0,
    authenticator: { subjectOf: async (token) => token },
    env: { KEY: emulator.key, SECRET: 'unused' },
    metrics: {
      ...noMetrics,
      count: (name) => {
        if (name === 'drawbridge_outbound_requests_total') calls += 1;
      },
    },
  });
  const zitadel = emulator.client({ timeoutMs: 60_000, totalMs: 120_000 });
  const seedMs = await timed(() => seed(zitadel, emulator, directory));
  await directory.start();
  // The first writes down of everybody how they stand; what is measured is each after it.
  await sweep(directory);
  await deactivateSome(zitadel);

  const idle = measure();
  let live = 0;
  let resident = 0;
  let samples = 0;
  const sampling = setInterval(() => {
    resident = Math.max(resident, process.memoryUsage.rss());
    // A full collection stops everything, so that it is made seldom.
    if (++samples % 20 === 0) live = Math.max(live, measure().live);
  }, 250);
  calls = 0;
  const began = performance.now();
  const swept = await sweep(directory);
  const ms = performance.now() - began;
  clearInterval(sampling);
  live = Math.max(live, measure().live);
  const sweepCalls = calls;
  const listMs = await timed(() => listAll(zitadel));
  const eachMs = await readEach(zitadel, 1_000);

  yield { name: `users made in ${round(seedMs / 1_000)} s, ${database.kind}`, value: round(users) };
  yield {
    name: `users compared, ${organizations} organizations`,
    value: round(swept.usersRead),
    budget: { text: `= ${round(users)}`, kept: swept.usersRead === users && swept.state === 'done' },
  };
  yield {
    name: 'deactivated because Zitadel says so',
    value: round(swept.deactivated),
    budget: { text: `= ${inactive}`, kept: swept.deactivated === inactive },
  };
  yield {
    name: 'swept in',
    value: `${round(ms / 1_000, 1)} s, ${round(ms / listMs, 1)} × listing alone`,
  };
  yield {
    name: 'the same with one read a user, 4 at once (reckoned)',
    value: `${round((eachMs * users) / 1_000 / 1_000, 1)} s, ${round((eachMs * users) / 1_000 / ms, 1)} × as long`,
  };
  yield {
    name: 'calls, against one a user',
    value: `${sweepCalls}, ${round(users / sweepCalls)} × fewer`,
    budget: { text: '≥ 50 ×', kept: users / sweepCalls >= 50 },
  };
  const growth = (live - idle.live) / megabyte;
  const rss = (resident - idle.resident) / megabyte;
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
  await directory.stop();
  await database.drop();
  await emulator.stop();
}

async function seed(zitadel: Zitadel, emulator: RunningEmulator, { database }: Directory): Promise<void> {
  const at = new Date(Date.now() - 86_400_000);
  const project = await zitadel.projects.create({
    organizationId: emulator.organizationId,
    name: 'Application',
  });
  const integrationId = await database.transaction(async (trx) => {
    await putSiteAdministrator(trx, root, 'bench', at);
    return await putZitadelIntegration(trx, {
      name: 'main',
      issuer: emulator.issuer,
      projectId: project.id,
      clientId: 'unused',
      clientSecret: 'env:SECRET',
      serviceAccount: 'env:KEY',
      actor: 'bench',
      at: new Date(),
    });
  });
  for (let index = 0; index < organizations; index += 1) {
    const slug = `o${index}`;
    await zitadel.organizations.create({ organizationId: slug, name: slug });
    const organizationId = await database.transaction((trx) =>
      addOrganization(trx, { slug, name: slug, integrationId, zitadelOrgId: slug, actor: 'bench', at }),
    );
    const ids = Array.from({ length: users / organizations }, () => newId({ now: () => at.getTime() }));
    for (let from = 0; from < ids.length; from += 1_000) {
      const rows = ids.slice(from, from + 1_000).map((id) => ({
        id,
        integration_id: integrationId,
        organization_id: organizationId,
        zitadel_user_id: id,
        email: `${id}@acme.example`,
        given_name: 'Ada',
        family_name: 'Lovelace',
        active: true,
        permissions: '[]',
        created_at: at,
        updated_at: at,
      }));
      await database.db.insertInto('users').values(rows).execute();
    }
    await create(zitadel, slug, ids);
  }
}

async function deactivateSome(zitadel: Zitadel): Promise<void> {
  for (let index = 0; index < organizations; index += 1) {
    const ids: string[] = [];
    for await (const { userId } of zitadel.users.list({ organizationId: `o${index}` }, { pageSize: 100 })) {
      if (ids.push(userId) === inactive / organizations) break;
    }
    for (const id of ids) await zitadel.users.deactivate(id);
  }
}

async function create(zitadel: Zitadel, organizationId: string, ids: readonly string[]): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let id = ids[next++]; id !== undefined; id = ids[next++])
      await zitadel.users.create({
        organizationId,
        userId: id,
        username: id,
        human: {
          profile: { givenName: 'Ada', familyName: 'Lovelace' },
          email: { email: `${id}@acme.example`, isVerified: true },
        },
      });
  };
  await Promise.all(Array.from({ length: 32 }, worker));
}

interface Swept {
  readonly id: string;
  readonly state: string;
  readonly usersRead: number;
  readonly deactivated: number;
}

async function sweep({ url }: Directory, organization?: string): Promise<Swept> {
  const headers = { authorization: `Bearer ${root}`, 'content-type': 'application/json' };
  const body = JSON.stringify(organization === undefined ? {} : { organization });
  const asked = await fetch(`${url}/api/zitadel/users/sync-status`, { method: 'POST', headers, body });
  const { id } = (await asked.json()) as Swept;
  for (;;) {
    const answer = await fetch(`${url}/api/sweeps/${id}`, { headers });
    const swept = (await answer.json()) as Swept;
    if (swept.state !== 'running') return swept;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function listAll(zitadel: Zitadel): Promise<void> {
  for (let index = 0; index < organizations; index += 1)
    for await (const _page of zitadel.users.list({ organizationId: `o${index}` }).pages());
}

/** Milliseconds for a thousand users, read one by one, four at once. */
async function readEach(zitadel: Zitadel, count: number): Promise<number> {
  const ids: string[] = [];
  for await (const { userId } of zitadel.users.list({ organizationId: 'o0' })) {
    if (ids.push(userId) === count) break;
  }
  let next = 0;
  const worker = async () => {
    for (let id = ids[next++]; id !== undefined; id = ids[next++]) await zitadel.users.get(id);
  };
  const ms = await timed(() => Promise.all([worker(), worker(), worker(), worker()]));
  return (ms * 1_000) / ids.length;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Memory after a full collection. */
function measure(): { readonly live: number; readonly resident: number } {
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { live: heapUsed + external, resident: rss };
}
