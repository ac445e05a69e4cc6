import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import { type Clock, createMetrics, type Metrics } from '@drawbridge/kit';
import { createZitadel, parseServiceAccount, type Zitadel } from '@drawbridge/zitadel';
import { onTestFinished } from 'vitest';
import {
  type Cluster,
  type Condition,
  type Controllers,
  type ControllersOptions,
  createCluster,
  createControllers,
  type KubeObject,
  type MachineAccount,
  machineAccounts,
  type ObjectClient,
  type Project,
  projects,
  type ServiceAccount,
  type Stored,
  serviceAccounts,
  type User,
  type UserDeactivation,
  userDeactivations,
  users,
} from '../../../src/index.ts';
import type { TestServer } from '../../support/servers.ts';
import { until } from '../../support/until.ts';

/** An emulated Zitadel and a cluster, and controllers between the two. */
export interface World {
  readonly emulator: ZitadelEmulator;
  readonly zitadel: Zitadel;
  readonly cluster: Cluster;
  readonly metrics: Metrics;
  readonly users: ObjectClient<User>;
  readonly deactivations: ObjectClient<UserDeactivation>;
  readonly serviceAccounts: ObjectClient<ServiceAccount>;
  readonly machineAccounts: ObjectClient<MachineAccount>;
  readonly projects: ObjectClient<Project>;
  readonly organizationId: string;
  /** Starts controllers; they stop with the test, or before. */
  control(options?: Partial<ControllersOptions>): Control;
  /** A person in Zitadel, and the object of it. */
  person(id: string, spec?: Partial<User['spec']>): Promise<void>;
}

export interface Control {
  readonly controllers: Controllers;
  /** What `run` came to. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

export async function openWorld(server: TestServer, seams: { readonly clock?: Clock } = {}): Promise<World> {
  const emulator = createZitadelEmulator();
  await emulator.start();
  const { organizationId, serviceAccountKey } = emulator.bootstrap;
  const zitadel = createZitadel({
    issuer: emulator.issuer,
    credentials: parseServiceAccount(JSON.stringify(serviceAccountKey)),
    ...seams,
  });
  const cluster = createCluster({ access: server.access });
  const metrics = await createMetrics({ process: false });
  const controls: Control[] = [];
  onTestFinished(async () => {
    for (const one of controls) await one.stop();
    await empty(cluster);
    await cluster.close();
    await zitadel.close();
    await emulator.stop();
  });
  return {
    emulator,
    zitadel,
    cluster,
    metrics,
    organizationId,
    users: cluster.objects(users),
    deactivations: cluster.objects(userDeactivations),
    serviceAccounts: cluster.objects(serviceAccounts),
    machineAccounts: cluster.objects(machineAccounts, 'default'),
    projects: cluster.objects(projects),
    control(options = {}) {
      const controllers = createControllers({
        zitadel,
        cluster,
        emailSuffix: 'identity.example.com',
        lease: { cluster, namespace: 'default', name: 'controller' },
        metrics,
        lettingGoMs: 20,
        ...seams,
        ...options,
      });
      const stop = new AbortController();
      const ended = controllers.run(stop.signal).then(
        () => 'ended',
        (error: unknown) => error,
      );
      const one: Control = {
        controllers,
        ended,
        async stop() {
          stop.abort();
          await ended;
        },
      };
      controls.push(one);
      return one;
    },
    async person(id, spec = {}) {
      const { email = `${id}@example.com`, givenName = 'Ann', familyName = 'Ash' } = spec;
      await zitadel.users.create({
        userId: id,
        organizationId,
        human: { profile: { givenName, familyName }, email: { email, isVerified: true } },
      });
      await cluster.objects(users).create({ metadata: { name: id }, spec: { email, givenName, familyName } });
    },
  };
}

/** The condition of an object that says how it stands with Zitadel. */
export function readiness(object: {
  readonly status?: { readonly conditions?: readonly Condition[] };
}): Condition | undefined {
  const { conditions = [] } = object.status ?? {};
  return (
    conditions.find(({ type }) => type === 'ZitadelReady') ?? conditions.find(({ type }) => type === 'Ready')
  );
}

/** Waits until an object's condition has a reason. */
export async function settled<
  T extends KubeObject & { readonly status?: { readonly conditions?: readonly Condition[] } },
>(client: ObjectClient<T>, name: string, reason: string): Promise<Stored<T>> {
  let last = '';
  try {
    return await until(async () => {
      const object = await client.get(name);
      last = readiness(object)?.reason ?? 'no condition';
      return last === reason && readiness(object)?.observedGeneration === object.metadata.generation
        ? object
        : undefined;
    });
  } catch (error) {
    throw new Error(`${name} is not ${reason} but ${last}`, { cause: error });
  }
}

export async function gone<T extends KubeObject>(client: ObjectClient<T>, name: string): Promise<void> {
  await until(async () => (await client.find(name)) === undefined);
}

/** Takes away what a test left, so that the next finds an empty cluster. */
async function empty(cluster: Cluster): Promise<void> {
  for (const type of [users, userDeactivations, serviceAccounts, machineAccounts, projects]) {
    const all = await cluster.objects(type as unknown as typeof users).list();
    for (const { metadata } of all.items) {
      const client = cluster.objects(type as typeof users, metadata.namespace);
      if ((metadata.finalizers ?? []).length > 0)
        await client.patch(metadata.name, { metadata: { finalizers: null } });
      await client.delete(metadata.name);
    }
  }
}
