import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeFileAtomic } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority } from '../../packages/kit/test/support/authority.ts';
import { type Instance, startInstance } from '../../packages/kubernetes/test/support/instance.ts';
import {
  hasAsset,
  type KubeApiserver,
  kubeAssets,
  startKubeApiserver,
} from '../../packages/kubernetes/test/support/kube-apiserver.ts';
import { type Running, startDrawbridge } from '../support/command.ts';

const run = promisify(execFile);
const group = 'identity.miloapis.com';
const access = fileURLToPath(new URL('../../config/base/services/apiserver/access.yaml', import.meta.url));
const namespaces = await hasAsset('kube-controller-manager');

describe.skipIf(kubeAssets === undefined)(
  'the identity API behind a real kube-apiserver (KUBEBUILDER_ASSETS)',
  () => {
    let folder: string;
    let instance: Instance;
    let cluster: KubeApiserver;
    let apiserver: Running;
    let ada: string;
    let sessions: readonly string[];
    let frontProxyFlags: () => Promise<readonly string[]>;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'drawbridge-aggregated-'));
      instance = await startInstance();
      ({ userId: ada, sessions } = await person('ada', 3));
      const { userId: grace } = await person('grace', 1);
      const servers = await makeAuthority('servers');
      const file = async (name: string, text: string) => {
        await writeFileAtomic(join(folder, name), text, { mode: 0o600 });
        return join(folder, name);
      };
      let generation = 0;
      frontProxyFlags = async () => {
        generation += 1;
        const authority = await makeAuthority(`front-proxy-ca-${generation}`);
        const { cert, key } = await authority.issue('front-proxy-client');
        return [
          `--requestheader-client-ca-file=${await file('proxy-ca.crt', authority.pem)}`,
          '--requestheader-allowed-names=front-proxy-client',
          '--requestheader-username-headers=X-Remote-User',
          '--requestheader-group-headers=X-Remote-Group',
          '--requestheader-extra-headers-prefix=X-Remote-Extra-',
          `--proxy-client-cert-file=${await file('proxy.crt', cert)}`,
          `--proxy-client-key-file=${await file('proxy.key', key)}`,
        ];
      };
      const own = await servers.issue('drawbridge-apiserver', [
        'localhost',
        'drawbridge-apiserver.drawbridge.svc',
      ]);
      cluster = await startKubeApiserver({
        flags: await frontProxyFlags(),
        users: { 'token-ada': { name: 'ada', uid: ada }, 'token-grace': { name: 'grace', uid: grace } },
        ...(namespaces ? { controllers: ['namespace-controller'] } : {}),
      });
      await admin('apply', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'drawbridge' } });
      // With the rights of the manifests and no others.
      await kubectl(undefined, 'wait', '--for=create', '--timeout=60s', 'namespace/kube-system');
      await kubectl(undefined, 'apply', '-f', access);
      const token = await kubectl(undefined, '-n', 'drawbridge', 'create', 'token', 'drawbridge-apiserver');
      apiserver = await startDrawbridge([
        ...['apiserver', '--secure-port', '0', '--kubeconfig', await cluster.kubeconfig(token.trim())],
        ...[
          '--tls-cert-file',
          await file('tls.crt', own.cert),
          '--tls-private-key-file',
          await file('tls.key', own.key),
        ],
        ...['--zitadel-issuer', instance.emulator.issuer],
        ...[
          '--zitadel-key',
          await file('key.json', JSON.stringify(instance.emulator.bootstrap.serviceAccountKey)),
        ],
      ]);
      await admin('apply', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'drawbridge-apiserver', namespace: 'drawbridge' },
        // Without pods and their network, kube-apiserver reaches us by a name of its own host.
        spec: { type: 'ExternalName', externalName: 'localhost' },
      });
      for (const name of ['identity.milo.io', group]) await admin('apply', apiService(name, servers.pem));
      await admin('apply', {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'own-identity' },
        rules: [{ apiGroups: ['identity.milo.io', group], resources: ['*'], verbs: ['*'] }],
      });
      await kubectl(
        undefined,
        ...[
          'create',
          'clusterrolebinding',
          'own-identity',
          '--clusterrole=own-identity',
          '--group=system:authenticated',
        ],
      );
      await kubectl(
        undefined,
        'wait',
        '--for=condition=Available',
        '--timeout=60s',
        `apiservice/v1alpha1.${group}`,
      );
    }, 120_000);
    afterAll(async () => {
      await cluster?.stop();
      await apiserver?.kill('SIGTERM');
      await instance?.stop();
      if (folder) await rm(folder, { recursive: true, force: true });
    });

    /** A person with sign-ins. */
    async function person(name: string, signIns: number) {
      const { organizationId, zitadel } = instance;
      const { id: userId } = await zitadel.users.create({
        organizationId,
        username: `${name}@acme.example`,
        human: {
          profile: { givenName: name, familyName: 'Okafor' },
          email: { email: `${name}@acme.example`, isVerified: true },
        },
      });
      const made: string[] = [];
      for (let count = 0; count < signIns; count++) {
        const { id } = await zitadel.sessions.create({ checks: { user: { userId } } });
        made.push(id);
      }
      return { userId, sessions: made };
    }

    function apiService(name: string, ca: string) {
      const port = Number(new URL(String(apiserver.ready.url)).port);
      return {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `v1alpha1.${name}` },
        spec: {
          group: name,
          version: 'v1alpha1',
          groupPriorityMinimum: name === group ? 1_000 : 900,
          versionPriority: 15,
          caBundle: Buffer.from(ca).toString('base64'),
          service: { name: 'drawbridge-apiserver', namespace: 'drawbridge', port },
        },
      };
    }

    async function admin(verb: string, object: object): Promise<string> {
      const kubeconfig = await cluster.kubeconfig();
      const child = run(join(String(kubeAssets), 'kubectl'), ['--kubeconfig', kubeconfig, verb, '-f', '-'], {
        env: { HOME: folder },
      });
      child.child.stdin?.end(JSON.stringify(object));
      return (await child).stdout;
    }

    /** kubectl as somebody, by token; as the administrator without one. */
    async function kubectl(token: string | undefined, ...args: string[]): Promise<string> {
      const kubeconfig = await cluster.kubeconfig(token);
      const { stdout, stderr } = await run(
        join(String(kubeAssets), 'kubectl'),
        ['--kubeconfig', kubeconfig, '--cache-dir', join(folder, 'cache'), ...args],
        { env: { HOME: folder } },
      );
      return stdout + stderr;
    }

    it('is available in both groups, and stands among the resources', async () => {
      const services = await kubectl(undefined, 'get', 'apiservices', '-o', 'wide');
      expect(services).toMatch(/v1alpha1\.identity\.milo\.io +drawbridge\/drawbridge-apiserver +True/);
      const resources = await kubectl('token-ada', 'api-resources', '--api-group', group, '-o', 'wide');
      for (const kind of ['Session', 'UserIdentity', 'ServiceAccountKey']) expect(resources).toContain(kind);
    });

    it('S38, S39 shows everybody their own sessions, and nobody those of others', async () => {
      const names = (await kubectl('token-ada', 'get', 'sessions', '-o', 'name')).trim().split('\n');
      expect(names.toSorted()).toEqual(sessions.map((id) => `session.${group}/${id}`).toSorted());
      const [first = ''] = sessions;
      await expect(kubectl('token-grace', 'get', 'session', first)).rejects.toThrow(/not found/);
      await expect(kubectl('token-grace', 'delete', 'session', first)).rejects.toThrow(/not found/);
      await expect(
        kubectl('token-grace', 'get', 'sessions', `--field-selector=status.userUID=${ada}`),
      ).rejects.toThrow(/Forbidden|forbidden/);
    });

    it('S39 lets somebody have the sessions of a user whom RBAC lets them have', async () => {
      await admin('apply', {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'staff' },
        rules: [
          { apiGroups: ['iam.miloapis.com'], resources: ['users'], verbs: ['get'] },
          { apiGroups: [group], resources: ['sessions'], verbs: ['get', 'list'] },
        ],
      });
      await kubectl(
        undefined,
        'create',
        'clusterrolebinding',
        'staff',
        '--clusterrole=staff',
        '--user=staff',
      );
      const asStaff = ['--as=staff', '--as-uid=000', `--field-selector=status.userUID=${ada}`];
      await expect
        .poll(() => kubectl(undefined, 'get', 'sessions', '-o', 'name', ...asStaff).catch(String))
        .toContain(sessions[0]);
    });

    it('answers what kubectl asks: tables, wide, YAML, pages, a raw path, describe, explain, can-i', async () => {
      const [first = ''] = sessions;
      const table = await kubectl('token-ada', 'get', 'sessions');
      expect(table.split('\n')[0]).toMatch(/^NAME +/);
      expect((await kubectl('token-ada', 'get', 'sessions', '-o', 'wide')).split('\n')).toHaveLength(5);
      expect(await kubectl('token-ada', 'get', 'session', first, '-o', 'yaml')).toContain(
        `userUID: "${ada}"`,
      );
      expect(
        (await kubectl('token-ada', 'get', 'sessions', '--chunk-size=1', '-o', 'name')).trim().split('\n'),
      ).toHaveLength(3);
      expect(
        await kubectl('token-ada', 'get', '--raw', `/apis/${group}/v1alpha1/sessions?limit=1`),
      ).toContain('"continue"');
      expect(await kubectl('token-ada', 'describe', 'session', first)).toContain(first);
      expect(
        await kubectl('token-ada', 'explain', 'session.status', '--api-version', `${group}/v1alpha1`),
      ).toContain('userUID');
      expect(await kubectl('token-ada', 'auth', 'can-i', 'delete', `sessions.${group}`)).toContain('yes');
      expect(
        await kubectl(undefined, 'get', 'sessions', '--as=ada', `--as-uid=${ada}`, '-o', 'name'),
      ).toContain(first);
    });

    it('ends a session, which is gone at once', async () => {
      const [, second = ''] = sessions;
      expect(await kubectl('token-ada', 'delete', 'session', second, '--timeout=10s')).toContain('deleted');
      await expect(kubectl('token-ada', 'get', 'session', second)).rejects.toThrow(/not found/);
    });

    it('S38 refuses who has no id, and never lists everything', async () => {
      await expect(kubectl(undefined, 'get', 'sessions', '--as=nobody')).rejects.toThrow(
        /Unauthorized|logged in/,
      );
    });

    it('S36 takes nobody at their headers without the certificate', async () => {
      const status = await new Promise<number>((resolve, reject) => {
        const headers = { 'X-Remote-User': 'ada', 'X-Remote-Uid': ada };
        const sent = request(
          `${String(apiserver.ready.url)}/apis/${group}/v1alpha1/sessions`,
          { rejectUnauthorized: false, agent: false, headers },
          (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          },
        );
        sent.on('error', reject);
        sent.end();
      });
      expect(status).toBe(401);
    });

    it('S45 stays available while Zitadel is away, and says so of the sessions alone', async () => {
      instance.emulator.controls.outage = true;
      try {
        await expect(kubectl('token-ada', 'get', 'sessions')).rejects.toThrow(
          /ServiceUnavailable|unavailable/i,
        );
        expect(await kubectl('token-ada', 'api-resources', '--api-group', group)).toContain('Session');
      } finally {
        instance.emulator.controls.outage = false;
      }
    });

    it.skipIf(!namespaces)(
      'S45 lets a namespace go while Zitadel is away',
      async () => {
        await kubectl(undefined, 'create', 'namespace', 'short-lived');
        instance.emulator.controls.outage = true;
        try {
          expect(await kubectl(undefined, 'delete', 'namespace', 'short-lived', '--timeout=60s')).toContain(
            'deleted',
          );
        } finally {
          instance.emulator.controls.outage = false;
        }
      },
      90_000,
    );

    it('S35 takes over a new authority of the front proxy by itself', async () => {
      await cluster.restart(await frontProxyFlags());
      const names = () => kubectl('token-ada', 'get', 'sessions', '-o', 'name').catch(String);
      // Its ConfigMap is watched, and connections that do not chain to it end with their 401.
      await expect.poll(names, { timeout: 30_000, interval: 500 }).toContain(sessions[0]);
    }, 90_000);
  },
);
