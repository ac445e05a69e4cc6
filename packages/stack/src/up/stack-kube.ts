import { type Clock, DrawbridgeError, Secret } from '@drawbridge/kit';
import { secrets } from '@drawbridge/kubernetes';
import {
  applyAll,
  clusterEvents,
  deployments,
  execCapture,
  type Kube,
  openKube,
  pods,
  portForward,
  postgresClusters,
  removeStaleWebhook,
  waitForCondition,
  waitForDeployment,
  waitForHooks,
  waitForKind,
  waitForPodReady,
  waitForServiceEndpoint,
  whyNotReady,
  withdraw,
} from '../kube/index.ts';
import type { Patience, StackKube } from '../phases/index.ts';
import type { StackAccess } from '../settings/index.ts';

const everyMs = 1_000;
const execMs = 30_000;

/** What the phases need of a cluster, done by Kubernetes' own API. It is opened once it answers. */
export function createStackKube(access: StackAccess, clock: Clock): StackKube & { kube(): Kube } {
  let opened: Kube | undefined;
  const kube = (): Kube => {
    if (opened) return opened;
    throw new DrawbridgeError('internal', { message: 'The cluster was not waited for.' });
  };
  return {
    kube,
    async untilAnswers({ timeoutMs, signal, onWaiting }: Patience) {
      const until = clock.now() + timeoutMs;
      while (!opened) {
        try {
          opened = await openKube({ ...access, clock, signal });
        } catch (error) {
          signal.throwIfAborted();
          const failed = DrawbridgeError.from(error);
          if (!comingUp.has(failed.code) || clock.now() > until) throw failed;
          onWaiting(`the API does not answer yet: ${failed.message}`);
          await clock.sleep(everyMs, signal);
        }
      }
    },
    async apply(objects, patience) {
      const applied = await applyAll(kube(), objects, patience);
      return { changed: applied.some(({ outcome }) => outcome !== 'unchanged') };
    },
    withdraw: (objects, signal) => withdraw(kube(), objects, signal),
    async keepSecret({ namespace, name }, make, signal) {
      const client = kube().cluster.objects(secrets, namespace);
      if (await client.find(name, { signal })) return;
      const data = Object.entries(make()).map(([key, value]) => [key, encode(value.expose())]);
      try {
        await client.create(
          { metadata: { name, namespace }, type: 'Opaque', data: Object.fromEntries(data) },
          { signal },
        );
      } catch (error) {
        // Another run was quicker; what it made counts.
        if (DrawbridgeError.from(error).code !== 'kubernetes_already_exists') throw error;
      }
    },
    async readSecret({ namespace, name }, signal) {
      const found = await kube().cluster.objects(secrets, namespace).find(name, { signal });
      if (!found) return undefined;
      const entries = Object.entries(found.data ?? {});
      return Object.fromEntries(
        entries.map(([key, value]) => [key, new Secret(Buffer.from(value, 'base64').toString('utf8'))]),
      );
    },
    async untilKind(definition, patience) {
      await waitForKind(kube(), definition, patience);
    },
    async untilHooksEnd(namespace, patience) {
      await waitForHooks(kube(), { namespace, ...patience });
    },
    async untilDeployment(namespace, name, patience) {
      await waitForDeployment(kube(), { namespace, name, ...patience });
    },
    async untilRunning(namespace, pod, patience) {
      await waitForPodReady(kube(), { namespace, name: pod, phase: 'Running', ...patience });
    },
    async untilReady(namespace, pod, patience) {
      await waitForPodReady(kube(), { namespace, name: pod, ...patience });
    },
    async untilDatabase(namespace, name, patience) {
      await waitForCondition(kube(), postgresClusters, { namespace, name, ...patience });
    },
    async untilEndpoint(namespace, service, patience) {
      await waitForServiceEndpoint(kube(), { namespace, service, ...patience });
    },
    async trouble(namespace, signal) {
      const { cluster } = kube();
      const [all, events] = await Promise.all([
        cluster.objects(pods, namespace).list({}, { signal }),
        cluster.objects(clusterEvents, namespace).list({}, { signal }),
      ]);
      // Hooks leave pods behind that have done their work.
      const busy = all.items.filter(({ status }) => status?.phase !== 'Succeeded');
      for (const pod of busy) {
        const why = whyNotReady(pod, events.items, clock.now());
        if (why) return why.text;
      }
      return undefined;
    },
    forward: ({ namespace, service, port }, signal) =>
      portForward(kube(), { namespace, service, port, signal }),
    exec: (where, argv, signal) => execCapture(kube(), { ...where, argv, timeoutMs: execMs, signal }),
    async restart(namespace, deployment, signal) {
      const at = new Date(clock.now()).toISOString();
      const annotations = { 'drawbridge.internal/restarted-at': at };
      const patch = { spec: { template: { metadata: { annotations } } } };
      await kube().cluster.objects(deployments, namespace).patch(deployment, patch, { signal });
    },
    removeStaleWebhook: (name, signal) => removeStaleWebhook(kube(), name, signal),
    async close() {
      await opened?.close();
    },
  };
}

/** What a cluster that was just started answers, or does not. */
const comingUp: ReadonlySet<string> = new Set([
  'unreachable',
  'timeout',
  'kubernetes_failed',
  'kubernetes_unauthenticated',
  'kubernetes_forbidden',
  'rate_limited',
  'circuit_open',
]);

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
