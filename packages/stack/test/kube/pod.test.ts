import { describe, expect, it } from 'vitest';
import { until } from '../../../kubernetes/test/support/until.ts';
import { clusterEvents, nodes, type Pod, pods, waitForPodReady } from '../../src/index.ts';
import { failureOf } from './support/failure-of.ts';
import { openStandIn, podOf, readyPod, type StandIn } from './support/stand-in.ts';
import { told } from './support/told.ts';

const selector = 'app=zitadel';
const namespace = 'zitadel';

function waiting(name: string, reason: string, message = ''): Pod {
  return podOf(name, {
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'True' }],
    containerStatuses: [{ name: 'main', state: { waiting: { reason, message } } }],
  });
}

describe('waiting for a pod', () => {
  it('tells each reason once, and ends with the pod that is ready', async () => {
    const { kube, server, put, change } = await openStandIn();
    const { reasons, onWaiting } = told();
    const found = waitForPodReady(kube, { namespace, selector, onWaiting });
    await until(() => reasons.length === 1);
    put(pods, podOf('zitadel-1', { phase: 'Pending' }));
    await until(() => reasons.length === 2);
    change(pods, namespace, 'zitadel-1', {
      ...waiting('x', 'ContainerCreating'),
      metadata: podOf('zitadel-1', {}).metadata,
    });
    await until(() => reasons.length === 3);
    change(pods, namespace, 'zitadel-1', { metadata: { labels: { app: 'zitadel', more: 'x' } } });
    change(pods, namespace, 'zitadel-1', { status: readyPod('x').status });
    expect((await found).metadata.name).toBe('zitadel-1');
    expect(reasons).toEqual([
      'no pod with app=zitadel in zitadel yet',
      'pod zitadel-1 is on its node, and not started yet',
      'containers of pod zitadel-1 are being made',
    ]);
    // One list, one watch for the pods: nothing is asked again and again.
    expect(server.requests.filter(({ plural, watch }) => plural === 'pods' && !watch)).toHaveLength(1);
    await until(() => server.watches === 0);
  });

  it('is not led astray when its watch is cut, ends, or is too old', async () => {
    const { kube, server, put, change } = await openStandIn();
    const { reasons, onWaiting } = told();
    const found = waitForPodReady(kube, { namespace, selector, onWaiting });
    await until(() => server.watches === 2);
    server.dropWatches(true);
    put(pods, waiting('zitadel-1', 'ContainerCreating'));
    await until(() => reasons.includes('containers of pod zitadel-1 are being made'));
    await until(() => server.watches === 2);
    const lift = server.faults.add({ method: 'GET', watch: true, status: 503 });
    server.dropWatches();
    await until(() => server.watches === 0);
    change(pods, namespace, 'zitadel-1', { status: readyPod('x').status });
    server.store().compact();
    lift();
    expect((await found).metadata.name).toBe('zitadel-1');
  });

  it('gives up with code, place, what was seen, and the reason', async () => {
    const { kube, put } = await openStandIn();
    put(nodes, { metadata: { name: 'node-1' }, status: { allocatable: { memory: '2Gi' } } });
    put(
      pods,
      podOf(
        'other',
        { phase: 'Running' },
        {
          labels: {},
          spec: { containers: [{ name: 'a', resources: { requests: { memory: '1738Mi' } } }] },
        },
      ),
    );
    put(
      pods,
      podOf(
        'zitadel-init-x7k2p',
        {
          phase: 'Pending',
          conditions: [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message: '0/1 nodes are available: 1 Insufficient memory.',
            },
          ],
        },
        { spec: { containers: [{ name: 'main', resources: { requests: { memory: '512Mi' } } }] } },
      ),
    );
    const error = await failureOf(
      waitForPodReady(kube, { namespace, selector, what: 'zitadel', timeoutMs: 300 }),
    );
    expect(error).toMatchObject({
      code: 'pod_unschedulable',
      message: 'zitadel did not get ready in 0.3 s: pod zitadel-init-x7k2p is Pending, too little memory.',
      where: 'pod zitadel/zitadel-init-x7k2p',
      saw: '0/1 nodes are available: 1 Insufficient memory.',
      why: 'it asks for 512 MiB; the cluster has 2.0 GiB, 310 MiB of it free',
      fix: 'Give Docker, or whatever the node runs in, 3 GiB of memory.',
    });
  });

  it('shows the last lines of a container that crashes, without what looks like a secret', async () => {
    const token = `eyJhbGciOiJSUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(40)}`;
    const { kube, put } = await openStandIn({
      answer: ({ path, query }) =>
        path === '/api/v1/namespaces/zitadel/pods/zitadel-1/log' && query.get('previous') === 'true'
          ? {
              status: 200,
              body: `starting\ntoken=${token}\npostgres://app:hunter2@db/x\nfatal: no masterkey\n`,
            }
          : undefined,
    });
    put(
      pods,
      podOf('zitadel-1', {
        phase: 'Running',
        containerStatuses: [
          {
            name: 'main',
            restartCount: 4,
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 1, reason: 'Error' } },
          },
        ],
      }),
    );
    const error = await failureOf(waitForPodReady(kube, { namespace, selector, timeoutMs: 200 }));
    expect(error.code).toBe('pod_crashing');
    expect(error.saw).toContain('exit code 1, 4 restarts; log: starting');
    expect(error.saw).toContain('fatal: no masterkey');
    expect(error.saw).not.toMatch(/hunter2|eyJ|aaaa/);
  });

  it('does not wait where waiting cannot help: a user without a number', async () => {
    const { kube, put } = await openStandIn();
    put(
      pods,
      waiting(
        'zitadel-1',
        'CreateContainerConfigError',
        'container has runAsNonRoot and image has non-numeric user (zitadel), cannot verify user is non-root (pod: "zitadel-1_zitadel(1)", container: main)',
      ),
    );
    const error = await failureOf(waitForPodReady(kube, { namespace, selector }));
    expect(error.code).toBe('container_config_invalid');
    expect(error.message).toContain('its image\'s user "zitadel" has no number');
    expect(error.fix).toContain('runAsUser');
  });

  it('takes a sealed OpenBao for running, though it is not ready', async () => {
    const { kube, put } = await openStandIn();
    const { reasons, onWaiting } = told();
    const sealed = {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [{ name: 'main', ready: false, state: { running: {} } }],
    };
    put(pods, podOf('openbao-0', sealed));
    const running = await waitForPodReady(kube, { namespace, name: 'openbao-0', phase: 'Running' });
    expect(running.metadata.name).toBe('openbao-0');
    const error = await failureOf(
      waitForPodReady(kube, { namespace, name: 'openbao-0', timeoutMs: 200, onWaiting }),
    );
    expect(error.code).toBe('stack_not_ready');
    expect(reasons).toEqual(['container main of pod openbao-0 runs, and is not ready yet']);
  });

  it('names the webhook that lets no pod be made', async () => {
    const { kube, put } = await openStandIn();
    const { reasons, onWaiting } = told();
    put(clusterEvents, {
      metadata: { name: 'e1', namespace },
      involvedObject: { kind: 'StatefulSet', name: 'openbao', uid: 'u1' },
      type: 'Warning',
      reason: 'FailedCreate',
      message:
        'create Pod openbao-0 in StatefulSet openbao failed error: Internal error occurred: failed calling webhook "vault.hashicorp.com": failed to call webhook: Post "https://old.openbao.svc:443/mutate": connect: connection refused',
      lastTimestamp: new Date().toISOString(),
    });
    const error = await failureOf(
      waitForPodReady(kube, { namespace, name: 'openbao-0', timeoutMs: 300, onWaiting }),
    );
    expect(error.code).toBe('pod_refused');
    expect(error.where).toBe('statefulset zitadel/openbao');
    expect(reasons.at(-1)).toBe(
      'StatefulSet openbao cannot make its pod: the webhook vault.hashicorp.com does not answer',
    );
  });

  it('ends with the caller, and with a pod by name that is over', async () => {
    const { kube, put, server } = await openStandIn();
    const stop = new AbortController();
    const stopped = failureOf(waitForPodReady(kube, { namespace, selector, signal: stop.signal }));
    await until(() => server.watches === 2);
    stop.abort();
    expect((await stopped).code).toBe('canceled');
    await until(() => server.watches === 0);
    put(
      pods,
      podOf('once', {
        phase: 'Failed',
        containerStatuses: [{ name: 'main', state: { terminated: { exitCode: 3 } } }],
      }),
    );
    const over = await failureOf(waitForPodReady(kube, { namespace, name: 'once' }));
    expect(over.message).toBe('pod zitadel/once cannot get ready: pod once failed with exit code 3.');
  });

  it('says at once what no waiting mends', async () => {
    const { kube, server } = await openStandIn();
    server.faults.add({ plural: 'pods', status: 403 });
    const error = await failureOf(waitForPodReady(kube, { namespace, selector }));
    expect(error.code).toBe('kubernetes_forbidden');
  });

  it('says that the cluster does not answer, rather than what was true before', async () => {
    const { kube, server, put }: StandIn = await openStandIn();
    const { reasons, onWaiting } = told();
    put(pods, waiting('zitadel-1', 'ContainerCreating'));
    const found = waitForPodReady(kube, { namespace, selector, onWaiting, timeoutMs: 20_000 });
    await until(() => reasons.includes('containers of pod zitadel-1 are being made'));
    const lift = server.faults.add({ plural: 'pods', status: 503 });
    server.dropWatches(true);
    await until(() => reasons.includes('kube-apiserver does not answer'));
    lift();
    await until(() => reasons.at(-1) === 'containers of pod zitadel-1 are being made');
    server.store().delete(pods, namespace, 'zitadel-1', { dryRun: false });
    put(pods, readyPod('zitadel-2'));
    expect((await found).metadata.name).toBe('zitadel-2');
  });
});
