import { createZitadelEmulator, type ZitadelEmulator } from '@drawbridge/emulators';
import { Secret } from '@drawbridge/kit';
import { createCluster, createControllers, leases } from '@drawbridge/kubernetes';
import { createZitadel, parseServiceAccount } from '@drawbridge/zitadel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type KubeApiserver,
  kubeAssets,
  startKubeApiserver,
} from '../../packages/kubernetes/test/support/kube-apiserver.ts';
import {
  findKubectls,
  type KubectlSession,
  kubectlSession,
} from '../../packages/kubernetes/test/support/kubectl.ts';
import { installMilo } from '../../packages/kubernetes/test/support/servers.ts';

const kubectls = await findKubectls();

it.skipIf(kubectls.length > 0)('kubectl is not on this machine', (context) => context.skip());

describe.skipIf(kubeAssets === undefined).each(kubectls)(
  'kubectl 1.$minor on objects of the controllers, on a real kube-apiserver (KUBEBUILDER_ASSETS)',
  (kubectl) => {
    let server: KubeApiserver;
    let emulator: ZitadelEmulator;
    let session: KubectlSession;
    let stop: () => Promise<void>;
    beforeAll(async () => {
      server = await startKubeApiserver();
      emulator = createZitadelEmulator();
      await emulator.start();
      const { organizationId, serviceAccountKey } = emulator.bootstrap;
      const zitadel = createZitadel({
        issuer: emulator.issuer,
        credentials: parseServiceAccount(JSON.stringify(serviceAccountKey)),
      });
      const cluster = createCluster({
        access: {
          server: server.url,
          credentials: async () => ({ token: new Secret(server.token), ca: server.ca }),
        },
      });
      await installMilo(cluster);
      await zitadel.users.create({
        userId: 'ann',
        organizationId,
        human: {
          profile: { givenName: 'Ann', familyName: 'Ash' },
          email: { email: 'ann@example.com', isVerified: true },
        },
      });
      const ending = new AbortController();
      const ended = createControllers({
        zitadel,
        cluster,
        emailSuffix: 'identity.example.com',
        lease: { cluster, namespace: 'default', name: 'controller' },
      }).run(ending.signal);
      session = await kubectlSession(kubectl, { server: server.url, ca: server.ca, token: server.token });
      stop = async () => {
        ending.abort();
        await ended;
        expect((await cluster.objects(leases, 'default').get('controller')).spec?.holderIdentity).toBe('');
        await cluster.close();
        await zitadel.close();
      };
    });
    afterAll(async () => {
      await stop();
      await session.close();
      await emulator.stop();
      await server.stop();
    });

    const kube = async (...args: string[]) => {
      const { code, stdout, stderr } = await session.run(...args);
      expect([code, stderr]).toEqual([0, '']);
      return stdout;
    };
    const apply = async (object: object) => {
      const { code, stderr } = await session.runWith(JSON.stringify(object), 'apply', '-f', '-');
      expect([code, stderr]).toEqual([0, '']);
    };
    const apiVersion = 'iam.miloapis.com/v1alpha1';

    it('applies, waits for, shows, explains and describes a user, and deletes it', async () => {
      await apply({
        apiVersion,
        kind: 'User',
        metadata: { name: 'ann' },
        spec: { email: 'ann@example.com', givenName: 'Anna' },
      });
      await kube('wait', '--for=condition=ZitadelReady', 'user/ann', '--timeout=20s');
      const [head, line] = (await kube('get', 'users')).split('\n');
      expect(head?.split(/\s+/)).toEqual(['NAME', 'EMAIL', 'STATE', 'READY', 'AGE']);
      expect(line).toMatch(/^ann +ann@example\.com +Active +True +\d+s$/);
      expect(await kube('get', 'user', 'ann', '-o', 'wide')).toContain('Active');
      expect(await kube('explain', 'user.status.registrationApproval')).toContain(
        'What an administrator decided',
      );
      const described = await kube('describe', 'user', 'ann');
      expect(described).toMatch(
        /ProfileCorrected +\S+ +drawbridge\.internal\/controller +Set in Zitadel to what the object says: givenName\./,
      );
      await apply({
        apiVersion,
        kind: 'UserDeactivation',
        metadata: { name: 'ann-left' },
        spec: { userRef: { name: 'ann' }, reason: 'left', deactivatedBy: 'ops' },
      });
      await kube('wait', '--for=condition=Ready', 'userdeactivation/ann-left', '--timeout=20s');
      await kube('wait', '--for=jsonpath={.status.state}=Inactive', 'user/ann', '--timeout=20s');
      await kube('delete', 'userdeactivation', 'ann-left', '--timeout=20s');
      await kube('delete', 'user', 'ann', '--timeout=20s');
    });

    it('refuses what the schemas do not take', async () => {
      const refused = async (object: object) =>
        (await session.runWith(JSON.stringify({ apiVersion, ...object }), 'apply', '-f', '-')).stderr;
      expect(await refused({ kind: 'User', metadata: { name: 'x' }, spec: {} })).toContain(
        'spec.email: Required value',
      );
      expect(
        await refused({ kind: 'ServiceAccount', metadata: { name: 'x' }, spec: { state: 'Asleep' } }),
      ).toContain('spec.state: Unsupported value');
      expect(
        await refused({ kind: 'User', metadata: { name: 'x' }, spec: { email: 'a@b', nick: 'x' } }),
      ).toContain('unknown field "spec.nick"');
    });

    it('shows a service account that was made, with its address', async () => {
      await apply({ apiVersion, kind: 'ServiceAccount', metadata: { name: 'robot' } });
      await kube('wait', '--for=condition=Ready', 'serviceaccounts.iam.miloapis.com/robot', '--timeout=20s');
      expect(await kube('get', 'serviceaccounts.iam.miloapis.com')).toMatch(
        /robot +robot@single\.identity\.example\.com +Active +True/,
      );
      await kube('delete', 'serviceaccounts.iam.miloapis.com', 'robot', '--timeout=20s');
    });
  },
);
