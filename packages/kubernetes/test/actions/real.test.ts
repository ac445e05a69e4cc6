import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Secret } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  actionsServerAccess,
  type Cluster,
  createCluster,
  type KubeObject,
  type ResourceType,
  users,
} from '../../src/index.ts';
import {
  eventBody,
  findUser,
  openActions,
  openTestDatabase,
  signInBodies,
  type TestDatabase,
  until,
} from '../support/actions.ts';
import { hasAsset, type KubeApiserver, kubeAssets, startKubeApiserver } from '../support/kube-apiserver.ts';
import { installMilo } from '../support/servers.ts';

const run = promisify(execFile);
const id = '300000000000000007';
const group = 'rbac.authorization.k8s.io';
const robot = 'actions-server-token';

interface Rbac extends KubeObject {
  readonly [field: string]: unknown;
}
const rbac = (kind: string, plural: string): ResourceType<Rbac> => ({
  group,
  version: 'v1',
  kind,
  plural,
  namespaced: false,
});

describe.skipIf(!kubeAssets)('the actions server on a real kube-apiserver (KUBEBUILDER_ASSETS)', () => {
  let server: KubeApiserver;
  let admin: Cluster;
  let database: TestDatabase;

  const clusterOf = (token: string): Cluster =>
    createCluster({
      access: {
        server: server.url,
        credentials: async () => ({ token: new Secret(token), ca: server.ca }),
      },
    });

  beforeAll(async () => {
    [server, database] = await Promise.all([
      startKubeApiserver({ users: { [robot]: { name: 'actions-server' } } }),
      openTestDatabase(),
    ]);
    admin = clusterOf(server.token);
    await installMilo(admin);
  }, 120_000);
  afterAll(async () => {
    await admin.close();
    await database.close();
    await server.stop();
  });

  const permit = async () => {
    const metadata = { name: 'actions-server' };
    await admin.objects(rbac('ClusterRole', 'clusterroles')).apply({ metadata, rules: actionsServerAccess });
    await admin.objects(rbac('ClusterRoleBinding', 'clusterrolebindings')).apply({
      metadata,
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'actions-server' },
      subjects: [{ kind: 'User', name: 'actions-server', apiGroup: group }],
    });
  };

  it('F7 F9 keeps events until it is permitted, then writes object, status and Events with its own few rights', async () => {
    const cluster = clusterOf(robot);
    onTestFinished(() => cluster.close());
    const { send } = await openActions({
      database,
      cluster,
      identityProviders: new Map([
        ['github-1', 'github'],
        ['google-1', 'google'],
      ]),
    });
    const picture = 'https://a.example/7';
    const github = signInBodies('i1', 10, {
      idpId: 'github-1',
      userId: id,
      profile: { avatar_url: picture },
    });
    const google = signInBodies('i2', 20, { idpId: 'google-1', userId: id, profile: {} });
    for (const body of [eventBody(), eventBody(), github.started, github.succeeded])
      expect((await send('events', body)).status).toBe(200);
    // Nobody permits it anything yet: that is an outage, and no event is lost or set aside.
    await permit();
    const made = await until(() => findUser(admin), 'the User object');
    expect(made.spec).toEqual({ email: 'ada@acme.example', givenName: 'Ada', familyName: 'Lovelace' });
    const status = async () => (await findUser(admin))?.status;
    await until(async () => (await status())?.lastLoginProvider === 'github', 'the sign-in');
    expect(await status()).toMatchObject({ avatarUrl: picture, state: 'Active' });
    for (const body of [google.started, google.succeeded]) await send('events', body);
    await until(async () => (await status())?.lastLoginProvider === 'google', 'the second sign-in');
    expect((await status())?.avatarUrl).toBeUndefined();
    // What others wrote into the status stays theirs.
    await admin
      .objects(users)
      .applyStatus(id, { registrationApproval: 'Approved' }, { fieldManager: 'other' });
    const deactivated = eventBody({ sequence: 9, event_type: 'user.deactivated', event_payload: undefined });
    for (const body of [deactivated, deactivated]) await send('events', body);
    await send('events', signInBodies('i3', 30, { idpId: 'github-1', userId: id, profile: {} }).started);
    await send('events', signInBodies('i3', 30, { idpId: 'github-1', userId: id, profile: {} }).succeeded);
    await until(async () => (await status())?.lastLoginProvider === 'github', 'the third sign-in');
    expect((await status())?.registrationApproval).toBe('Approved');
    if (!(await hasAsset('kubectl'))) return;
    const kubectl = join(kubeAssets ?? '', 'kubectl');
    const env = { PATH: process.env.PATH, HOME: '/nonexistent', KUBECONFIG: await server.kubeconfig() };
    const described = await until(async () => {
      const { stdout } = await run(kubectl, ['describe', 'user', id], { env });
      return stdout.includes('DeactivatedInZitadel') && stdout;
    }, 'the Event');
    expect(described.match(/DeactivatedInZitadel/g)).toHaveLength(1);
    expect(described).toMatch(/Warning\s+DeactivatedInZitadel.*The user was deactivated in Zitadel\./);
  }, 120_000);
});
