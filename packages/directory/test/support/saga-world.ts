import { join } from 'node:path';
import {
  addOrganization,
  type Database,
  putNetbirdIntegration,
  putOrganizationNetbird,
  putZitadelIntegration,
} from '@drawbridge/directory';
import { createNetbirdEmulator, type NetbirdEmulator } from '@drawbridge/emulators';
import { type Clock, noMetrics, silentLogger, systemClock, writeFileAtomic } from '@drawbridge/kit';
import { IntegrationRegistry } from '../../src/integrations/index.ts';
import { allSagas, createSagas, type Sagas } from '../../src/provisioning/index.ts';
import { loadRun, SagaEngine } from '../../src/saga/index.ts';
import { createSealer } from '../../src/sealing/index.ts';
import type { UserRequests } from '../../src/users/index.ts';
import { type Cut, openCut } from './cut.ts';
import type { DatabaseKind } from './databases.ts';
import { openWorld, type World } from './world.ts';

/** Sagas on a database of one's own, with both emulators and without a server: the test is the worker. */
export interface SagaWorld {
  readonly world: World;
  readonly netbird: NetbirdEmulator;
  readonly database: Database;
  readonly sagas: Sagas;
  readonly requests: UserRequests;
  readonly integrations: IntegrationRegistry;
  /** Row of the Zitadel. */
  readonly integrationId: string;
  /** The way from here to Zitadel; the test's own `world.zitadel` does not go through it. */
  readonly way: Cut;
  /** Organization id by slug: north and south, both mapped, both with NetBird. */
  readonly organizations: ReadonlyMap<string, string>;
  /** A worker that stops for good at a named point, as a process does that is killed there. Throws if it never comes there. */
  dieAt(runId: string, point: string): Promise<void>;
  /** A worker that does what is due of a run, as for each of its jobs. */
  execute(runId: string): Promise<void>;
  /** A worker that takes a run over, lease or not, and carries it to its end. @returns its state and why */
  takeOver(runId: string): Promise<{ readonly state: string; readonly code: string | null }>;
  close(): Promise<void>;
}

/** What differs from a world of impatient workers on real time. */
export interface SagaWorldOptions {
  readonly clock?: Clock;
  /** Leave the engine's waits and patience as they are in production. */
  readonly patient?: boolean;
}

export async function openSagaWorld(
  kind: DatabaseKind,
  { clock = systemClock, patient = false }: SagaWorldOptions = {},
): Promise<SagaWorld> {
  const world = await openWorld({ clock });
  const netbird = createNetbirdEmulator();
  await netbird.start();
  const tokenPath = join(world.folder, 'netbird-token');
  await writeFileAtomic(tokenPath, netbird.bootstrap.token.expose(), { mode: 0o600 });
  const project = await world.zitadel.projects.create({
    organizationId: world.emulator.bootstrap.organizationId,
    name: 'NetBird',
  });
  await world.zitadel.projects.addRole(project.id, { roleKey: 'user', displayName: 'User' });
  const { database, close } = await kind.open();
  const way = await openCut(world.emulator.issuer);
  const { integrationId, organizations } = await seed(database, {
    world,
    way,
    netbird,
    tokenPath,
    projectId: project.id,
  });
  const sealer = createSealer({ keys: [] });
  const integrations = new IntegrationRegistry({
    database,
    sealer,
    logger: silentLogger,
    metrics: noMetrics,
    clock,
  });
  const sagas = createSagas({ database, integrations, clock, sealer });
  const jobs = { send: async () => undefined };
  const worker = (pause?: (point: string) => Promise<void> | undefined) =>
    new SagaEngine({
      database,
      jobs,
      sagas: allSagas(sagas),
      clock,
      ...(patient ? {} : { attempts: 3, patienceMs: 0, retryBaseMs: 1, retryMaxMs: 2 }),
      ...(pause ? { pause } : {}),
    });
  const survivor = worker();

  return {
    world,
    netbird,
    database,
    sagas,
    integrations,
    integrationId,
    way,
    organizations,
    requests: { database, engine: survivor, sagas, sealer },
    async dieAt(runId, point) {
      const reached = Promise.withResolvers<void>();
      const victim = worker((at) => {
        if (at !== point) return undefined;
        reached.resolve();
        return new Promise<void>(() => undefined);
      });
      const came = await Promise.race([
        reached.promise.then(() => true),
        victim.execute(runId).then(() => false),
      ]);
      if (!came) throw new Error(`run ${runId} never came to ${point}`);
    },
    execute: (runId) => survivor.execute(runId),
    async takeOver(runId) {
      let last = '';
      for (let tries = 0; tries < 50; tries += 1) {
        await database.db
          .updateTable('provisioning_runs')
          .set({ lease_until: new Date(0) })
          .where('id', '=', runId)
          .where('lease_owner', 'is not', null)
          .execute();
        await survivor.execute(runId);
        const loaded = await loadRun(database, runId);
        if (!loaded) throw new Error(`run ${runId} is gone`);
        const { state, reason_code } = loaded.run;
        if (!['queued', 'running', 'compensating'].includes(state)) return { state, code: reason_code };
        const at = loaded.steps.find((step) => step.state !== 'done');
        last = `${state}, ${at?.name} ${at?.state}: ${at?.error}`;
        const early = (at?.next_try_at?.getTime() ?? 0) - clock.now();
        if (early > 0) await clock.sleep(early);
      }
      throw new Error(`run ${runId} does not end: ${last}`);
    },
    async close() {
      await integrations.close();
      await way.close();
      await close();
      await netbird.stop();
      await world.close();
    },
  };
}

interface Seed {
  readonly world: World;
  readonly way: Cut;
  readonly netbird: NetbirdEmulator;
  readonly tokenPath: string;
  readonly projectId: string;
}

async function seed(
  database: Database,
  { world, way, netbird, tokenPath, projectId }: Seed,
): Promise<Pick<SagaWorld, 'integrationId' | 'organizations'>> {
  const at = new Date();
  return await database.transaction(async (trx) => {
    const integrationId = await putZitadelIntegration(trx, {
      name: 'main',
      issuer: world.emulator.issuer,
      address: way.address,
      projectId: world.projectId,
      clientId: 'unused',
      clientSecret: 'env:UNUSED',
      serviceAccount: `file:${world.keyPath}`,
      actor: 'test',
      at,
    });
    const netbirdId = await putNetbirdIntegration(trx, {
      name: 'netbird',
      url: netbird.url,
      token: `file:${tokenPath}`,
      actor: 'test',
      at,
    });
    const organizations = new Map<string, string>();
    for (const slug of ['north', 'south']) {
      const organizationId = await addOrganization(trx, {
        slug,
        name: slug,
        integrationId,
        zitadelOrgId: `org-${slug}`,
        actor: 'test',
        at,
      });
      organizations.set(slug, organizationId);
      await putOrganizationNetbird(trx, {
        organizationId,
        integrationId: netbirdId,
        projectId,
        groups: [slug],
        roleGroups: { manager: ['managers'] },
        at,
      });
    }
    return { integrationId, organizations };
  });
}
