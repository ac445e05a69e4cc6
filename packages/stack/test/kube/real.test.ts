import { createServer, get } from 'node:http';
import { Secret } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type KubeApiserver,
  kubeAssets,
  startKubeApiserver,
} from '../../../kubernetes/test/support/kube-apiserver.ts';
import {
  applyAll,
  deleteResource,
  execCapture,
  type Kube,
  type Manifest,
  mutatingWebhooks,
  openKube,
  podLogs,
  pods,
  portForward,
  waitForDeployment,
  waitForKind,
  waitForPodReady,
} from '../../src/index.ts';
import { type Kubelet, startKubelet } from './support/kubelet.ts';
import type { Command, Ended } from './support/machine.ts';

const namespace = 'openbao';
const name = 'openbao-0';

const flags = ['--kubelet-preferred-address-types=InternalIP'];

/** A definition like that of CloudNativePG's cluster, by its name at least. */
const definition: Manifest = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'clusters.postgresql.cnpg.io' },
  spec: {
    group: 'postgresql.cnpg.io',
    scope: 'Namespaced',
    names: { plural: 'clusters', singular: 'cluster', kind: 'Cluster', listKind: 'ClusterList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

const podManifest: Manifest = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: 'openbao' } },
  spec: { nodeName: 'node-1', containers: [{ name: 'openbao', image: 'quay.io/openbao/openbao:2.6.2' }] },
};

describe.skipIf(kubeAssets === undefined)(
  'on a real kube-apiserver with a kubelet of ours (KUBEBUILDER_ASSETS)',
  () => {
    let server: KubeApiserver;
    let kubelet: Kubelet;
    let kube: Kube;
    const commands: { readonly argv: readonly string[]; readonly stdin: string }[] = [];
    const inPod = createServer((request, response) => response.end(`sealed ${request.url}`));
    const run = async ({ argv, stdin }: Command): Promise<Ended> => {
      commands.push({ argv, stdin: String((await stdin) ?? '') });
      if (argv[0] === 'nope') return { failure: 'exec: "nope": executable file not found in $PATH' };
      return { exitCode: argv[0] === 'false' ? 3 : 0, stdout: `out ${'x'.repeat(100_000)}`, stderr: 'err' };
    };

    beforeAll(async () => {
      if (kubeAssets === undefined) return;
      await new Promise<void>((resolve) => inPod.listen(0, '127.0.0.1', resolve));
      const portInPod = (inPod.address() as { port: number }).port;
      kubelet = await startKubelet(
        { run, portOf: (pod, port) => (pod === name && port === 8200 ? portInPod : undefined) },
        (pod, query) => `${pod} says ${query.get('tailLines')}\n`,
      );
      server = await startKubeApiserver({ flags });
      kube = await openKube({ kubeconfig: await server.kubeconfig() });
      await applyAll(kube, [
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
        { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } },
        podManifest,
      ]);
      await status('/api/v1/nodes/node-1', {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } },
      });
    });
    afterAll(async () => {
      if (kubeAssets === undefined) return;
      await kube.close();
      await server.stop();
      await kubelet.stop();
      inPod.close();
    });

    /** Writes a status as the kubelet or a controller does. */
    async function status(path: string, content: object): Promise<void> {
      const [, plural = '', object = ''] = /\/([a-z]+)\/([^/]+)$/.exec(path) ?? [];
      const group = path.startsWith('/apis/') ? (path.split('/')[2] ?? '') : '';
      await kube.cluster
        .objects(
          { group, version: 'v1', kind: 'Any', plural, namespaced: path.includes('/namespaces/') },
          /\/namespaces\/([^/]+)\//.exec(path)?.[1],
        )
        .patch(object, { status: content }, { subresource: 'status' });
    }
    const podStatus = (content: object) => status(`/api/v1/namespaces/${namespace}/pods/${name}`, content);

    it('follows a pod as a kubelet tells of it', async () => {
      const reasons: string[] = [];
      const ready = waitForPodReady(kube, {
        namespace,
        selector: 'app=openbao',
        onWaiting: (why) => reasons.push(why),
      });
      const started = { name: 'openbao', image: 'i', imageID: '', restartCount: 0 };
      const until = (count: number) => expect.poll(() => reasons.length).toBe(count);
      await until(1);
      await podStatus({
        phase: 'Pending',
        containerStatuses: [
          {
            ...started,
            ready: false,
            state: { waiting: { reason: 'ErrImagePull', message: 'manifest unknown' } },
          },
        ],
      });
      await until(2);
      const running = { ...started, state: { running: { startedAt: '2026-11-22T12:00:00Z' } } };
      await podStatus({ phase: 'Running', containerStatuses: [{ ...running, ready: false }] });
      await waitForPodReady(kube, { namespace, name, phase: 'Running' });
      await until(3);
      await podStatus({
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ ...running, ready: true }],
      });
      expect((await ready).metadata.name).toBe(name);
      expect(reasons).toEqual([
        'pod openbao-0 is on its node, and not started yet',
        'container openbao of pod openbao-0 cannot pull its image quay.io/openbao/openbao:2.6.2',
        'container openbao of pod openbao-0 runs, and is not ready yet',
      ]);
    });

    it('runs commands: arguments as they are, input to its end, outputs apart, any exit code', async () => {
      const secret = 's3cr3t '.repeat(20_000);
      const argv = ['bao', 'operator', '$(unseal)', 'ä b', '-'];
      const result = await execCapture(kube, { namespace, pod: name, argv, stdin: new Secret(secret) });
      expect(result).toEqual({ exitCode: 0, stdout: `out ${'x'.repeat(100_000)}`, stderr: 'err' });
      expect(commands.at(-1)).toEqual({ argv, stdin: secret });
      expect((await execCapture(kube, { namespace, pod: name, argv: ['false'] })).exitCode).toBe(3);
      const missing = execCapture(kube, { namespace, pod: name, argv: ['nope'] });
      await expect(missing).rejects.toMatchObject({ code: 'kubernetes_failed' });
      const absent = execCapture(kube, { namespace, pod: 'none', argv: ['true'] });
      await expect(absent).rejects.toMatchObject({ code: 'kubernetes_not_found' });
      expect(kubelet.seen).toContain('exec openbao-0 SPDY/3.1');
    });

    it('forwards a port, connection by connection', async () => {
      const errors: string[] = [];
      const forward = await portForward(kube, { namespace, pod: name, port: 8200 });
      const closed = await portForward(kube, {
        namespace,
        pod: name,
        port: 9999,
        onError: (error) => errors.push(error.saw ?? ''),
      });
      const ask = (url: string) =>
        new Promise<string>((resolve, reject) => {
          get(url, { agent: false }, (response) => {
            let text = '';
            response.setEncoding('utf8');
            response.on('data', (piece: string) => {
              text += piece;
            });
            response.once('end', () => resolve(text));
          }).once('error', reject);
        });
      expect(await Promise.all([ask(`${forward.url}/a`), ask(`${forward.url}/b`)])).toEqual([
        'sealed /a',
        'sealed /b',
      ]);
      await expect(ask(closed.url)).rejects.toThrow();
      await expect.poll(() => errors.join()).toContain('connection refused');
      await forward.close();
      await closed.close();
      expect(kubelet.seen).toContain('portforward openbao-0 v4.channel.k8s.io');
    });

    it('reads logs', async () => {
      expect(await podLogs(kube, { namespace, pod: name, tailLines: 7 })).toBe('openbao-0 says 7\n');
    });

    it('waits for a kind that was just defined, applies one of it, and deletes with patience', async () => {
      const kind = waitForKind(kube, 'clusters.postgresql.cnpg.io', { timeoutMs: 60_000 });
      const database: Manifest = {
        apiVersion: 'postgresql.cnpg.io/v1',
        kind: 'Cluster',
        metadata: { name: 'db', namespace, finalizers: ['example.com/keep'] },
        spec: { instances: 1 },
      };
      // In one go: the second is not served when the first is answered.
      const applied = await applyAll(kube, [definition, database]);
      expect(applied.map(({ outcome }) => outcome)).toEqual(['created', 'created']);
      const type = await kind;
      expect(type).toMatchObject({ plural: 'clusters', namespaced: true });
      expect((await applyAll(kube, [definition, database])).map(({ outcome }) => outcome)).toEqual([
        'unchanged',
        'unchanged',
      ]);
      const reasons: string[] = [];
      const gone = deleteResource(kube, type, 'db', namespace, {
        wait: true,
        onWaiting: (why) => reasons.push(why),
      });
      await expect
        .poll(() => reasons)
        .toEqual(['Cluster openbao/db is being deleted, and kept by example.com/keep']);
      await kube.cluster.objects(type, namespace).patch('db', { metadata: { finalizers: null } });
      expect(await gone).toBe(true);
    });

    it('tells of a webhook that nobody answers for, and goes on when it is gone', async () => {
      const webhook: Manifest = {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'MutatingWebhookConfiguration',
        metadata: { name: 'stale' },
        webhooks: [
          {
            name: 'stale.example.com',
            admissionReviewVersions: ['v1'],
            sideEffects: 'None',
            failurePolicy: 'Fail',
            clientConfig: { url: 'https://127.0.0.1:1/mutate' },
            rules: [
              { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
            ],
          },
        ],
      };
      const [made] = await applyAll(kube, [webhook]);
      expect(made?.outcome).toBe('created');
      const reasons: string[] = [];
      const note: Manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'note', namespace } };
      // It takes the server a moment to heed a webhook: until it does, objects are made without it.
      await expect
        .poll(
          async () => {
            const probe = {
              ...note,
              metadata: { ...note.metadata, name: `probe-${Math.random().toString(36).slice(2)}` },
            };
            return await applyAll(kube, [probe], { timeoutMs: 0 }).catch((error: unknown) => String(error));
          },
          { interval: 100 },
        )
        .toContain('failed');
      const applied = applyAll(kube, [note], { onWaiting: (why) => reasons.push(why) });
      await expect.poll(() => reasons).toEqual(['the webhook stale.example.com does not answer yet']);
      await deleteResource(kube, mutatingWebhooks, 'stale', undefined, { wait: true });
      expect((await applied).map(({ outcome }) => outcome)).toEqual(['created']);
    });

    it('goes on with a wait when kube-apiserver was started again meanwhile', async () => {
      const reasons: string[] = [];
      const ready = waitForPodReady(kube, { namespace, name: 'late', onWaiting: (why) => reasons.push(why) });
      await expect.poll(() => reasons).toEqual([`no pod late in ${namespace} yet`]);
      await server.restart(flags);
      await applyAll(kube, [{ ...podManifest, metadata: { name: 'late', namespace } }]);
      await kube.cluster
        .objects(pods, namespace)
        .patch(
          'late',
          { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
          { subresource: 'status' },
        );
      expect((await ready).metadata.name).toBe('late');
    });

    it('takes the status of a deployment as the server has it', async () => {
      await applyAll(kube, [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'cnpg', namespace },
          spec: {
            replicas: 1,
            selector: { matchLabels: { app: 'cnpg' } },
            template: {
              metadata: { labels: { app: 'cnpg' } },
              spec: { containers: [{ name: 'main', image: 'i' }] },
            },
          },
        },
      ]);
      const reasons: string[] = [];
      const rolled = waitForDeployment(kube, {
        namespace,
        name: 'cnpg',
        onWaiting: (why) => reasons.push(why),
      });
      await expect.poll(() => reasons).toEqual(['deployment cnpg has no pod yet']);
      await status(`/apis/apps/v1/namespaces/${namespace}/deployments/cnpg`, {
        observedGeneration: 1,
        replicas: 1,
        updatedReplicas: 1,
        readyReplicas: 1,
        availableReplicas: 1,
      });
      await rolled;
      expect(await kube.cluster.objects(pods, namespace).find(name)).toBeDefined();
    });
  },
);
