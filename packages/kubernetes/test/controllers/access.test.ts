import { Secret } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  type AccessRule,
  type Cluster,
  controllerAccess,
  createCluster,
  type KubeObject,
  keySecretAnnotation,
  type ResourceType,
  secrets,
} from '../../src/index.ts';
import type { SeenRequest } from '../support/api-server/index.ts';
import { kubeAssets, startKubeApiserver } from '../support/kube-apiserver.ts';
import { installMilo, startStandIn, type TestServer } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { gone, openWorld, settled, type World } from './support/world.ts';

/** Everything that the controllers do, once. */
async function useEverything(world: World): Promise<void> {
  const { controllers, stop } = world.control({ mode: 'single', resyncMs: 60_000 });
  await until(() => controllers.elector.leading);
  await world.person('u1');
  await settled(world.users, 'u1', 'Active');
  await world.deactivations.create({
    metadata: { name: 'd1' },
    spec: { userRef: { name: 'u1' }, reason: 'left', deactivatedBy: 'ops' },
  });
  await settled(world.users, 'u1', 'Deactivated');
  await world.deactivations.delete('d1');
  await gone(world.deactivations, 'd1');
  await world.serviceAccounts.create({
    metadata: { name: 'robot', annotations: { [keySecretAnnotation]: 'default/robot' } },
  });
  await settled(world.serviceAccounts, 'robot', 'Active');
  await world.machineAccounts.create({ metadata: { name: 'robot', namespace: 'default' } });
  await settled(world.machineAccounts, 'robot', 'Active');
  for (const client of [world.users, world.serviceAccounts, world.machineAccounts]) {
    const { items } = await client.list();
    for (const { metadata } of items) {
      await client.delete(metadata.name);
      await gone(client as typeof world.users, metadata.name);
    }
  }
  await world.cluster.objects(secrets, 'default').delete('robot');
  await stop();
}

async function useProjects(world: World): Promise<void> {
  world.control({ mode: 'milo' });
  await world.projects.create({ metadata: { name: 'shop' } });
  await settled(world.projects, 'shop', 'OrganizationReady');
  await world.projects.delete('shop');
  await gone(world.projects, 'shop');
}

describe('the rights that the controllers ask for', () => {
  const verbs: Readonly<Record<string, string>> = {
    POST: 'create',
    PUT: 'update',
    PATCH: 'patch',
    DELETE: 'delete',
  };
  const verbOf = ({ method, name, watch }: SeenRequest) =>
    verbs[method] ?? (watch ? 'watch' : name === '' ? 'list' : 'get');
  const covers = ({ apiGroups, resources, verbs: allowed }: AccessRule, seen: SeenRequest) =>
    apiGroups.includes(seen.group) &&
    resources.includes(seen.subresource === '' ? seen.plural : `${seen.plural}/${seen.subresource}`) &&
    allowed.includes(verbOf(seen));

  it('are those that they use', async () => {
    const server = await startStandIn();
    onTestFinished(() => server.stop());
    // Only what the controllers send counts: they have a client of their own.
    const own = createCluster({
      access: { ...server.access, credentials: async () => ({ headers: { 'x-who': 'controllers' } }) },
    });
    onTestFinished(() => own.close());
    const world = await openWorld(server);
    const { control } = world;
    const asControllers: World = {
      ...world,
      control: (options) =>
        control({
          ...options,
          cluster: own,
          lease: { cluster: own, namespace: 'default', name: 'controller' },
        }),
    };
    await useEverything(asControllers);
    await useProjects(asControllers);
    const theirs = server.standIn.requests.filter(({ who }) => who === 'controllers');
    expect(theirs.length).toBeGreaterThan(20);
    const rules = [...controllerAccess.cluster, ...controllerAccess.own];
    expect(theirs.filter((seen) => !rules.some((rule) => covers(rule, seen)))).toEqual([]);
  });
});

describe.skipIf(kubeAssets === undefined)('on a real kube-apiserver with RBAC (KUBEBUILDER_ASSETS)', () => {
  let server: TestServer;
  let restricted: Cluster;
  beforeAll(async () => {
    const real = await startKubeApiserver({ users: { 'controllers-token': { name: 'controllers' } } });
    const access = {
      server: real.url,
      credentials: async () => ({ token: new Secret(real.token), ca: real.ca }),
    };
    server = { access, stop: () => real.stop() };
    const cluster = createCluster({ access });
    await installMilo(cluster);
    await bind(cluster);
    await cluster.close();
    restricted = createCluster({
      access: {
        server: real.url,
        credentials: async () => ({ token: new Secret('controllers-token'), ca: real.ca }),
      },
    });
  });
  afterAll(async () => {
    await restricted.close();
    await server.stop();
  });

  it('the controllers do all they do with these rights alone', async () => {
    const world = await openWorld(server);
    const { control } = world;
    const asControllers: World = {
      ...world,
      control: (options) =>
        control({
          ...options,
          cluster: restricted,
          lease: { cluster: restricted, namespace: 'default', name: 'controller' },
        }),
    };
    await expect(restricted.objects(secrets, 'kube-system').list()).rejects.toMatchObject({
      code: 'kubernetes_forbidden',
    });
    await useEverything(asControllers);
  });

  it('and with projects', async () => {
    const world = await openWorld(server);
    const { control } = world;
    await useProjects({
      ...world,
      control: (options) =>
        control({
          ...options,
          cluster: restricted,
          lease: { cluster: restricted, namespace: 'default', name: 'controller' },
        }),
    });
  });
});

interface Role extends KubeObject {
  readonly kind: 'ClusterRole' | 'Role';
  readonly rules: readonly AccessRule[];
}
interface Binding extends KubeObject {
  readonly kind: 'ClusterRoleBinding' | 'RoleBinding';
  readonly roleRef: Readonly<Record<string, string>>;
  readonly subjects: readonly Readonly<Record<string, string>>[];
}

/** Gives the user `controllers` what the manifests give. */
async function bind(cluster: Cluster): Promise<void> {
  const group = 'rbac.authorization.k8s.io';
  const type = <T extends KubeObject>(
    kind: T['kind'],
    plural: string,
    namespaced: boolean,
  ): ResourceType<T> => ({
    group,
    version: 'v1',
    kind,
    plural,
    namespaced,
  });
  const name = 'controllers';
  const subjects = [{ kind: 'User', name, apiGroup: group }];
  const roleRef = (kind: string) => ({ apiGroup: group, kind, name });
  const metadata = { name };
  await cluster
    .objects(type<Role>('ClusterRole', 'clusterroles', false))
    .create({ metadata, rules: controllerAccess.cluster });
  await cluster
    .objects(type<Binding>('ClusterRoleBinding', 'clusterrolebindings', false))
    .create({ metadata, roleRef: roleRef('ClusterRole'), subjects });
  await cluster
    .objects(type<Role>('Role', 'roles', true), 'default')
    .create({ metadata, rules: controllerAccess.own });
  await cluster
    .objects(type<Binding>('RoleBinding', 'rolebindings', true), 'default')
    .create({ metadata, roleRef: roleRef('Role'), subjects });
}
