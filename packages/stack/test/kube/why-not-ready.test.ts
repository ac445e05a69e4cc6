import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClusterEvent, type Pod, type Reason, whyNotReady } from '../../src/index.ts';
import { podOf, readyPod } from './support/stand-in.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const scheduled = { type: 'PodScheduled', status: 'True' } as const;
type Container = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];

const pending = (message: string, reason = 'Unschedulable') =>
  podOf('p', { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason, message }] });
const container = (status: Omit<Container, 'name'>) =>
  podOf('p', { phase: 'Running', conditions: [scheduled], containerStatuses: [{ name: 'main', ...status }] });
const waits = (reason: string, message = '') => container({ state: { waiting: { reason, message } } });
const init = (status: Omit<Container, 'name'>) =>
  podOf('p', {
    phase: 'Pending',
    conditions: [scheduled],
    initContainerStatuses: [{ name: 'wait', ...status }],
    containerStatuses: [{ name: 'main', state: { waiting: { reason: 'PodInitializing' } } }],
  });

let count = 0;
function event(reason: string, message: string, agoMs = 1_000, name = 'p'): ClusterEvent {
  count += 1;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `e${count}`, namespace: 'zitadel' },
    involvedObject: { kind: 'Pod', name },
    type: 'Warning',
    reason,
    message,
    lastTimestamp: new Date(now - agoMs).toISOString(),
  };
}

const rows: readonly (readonly [
  title: string,
  pod: Pod,
  events: readonly ClusterEvent[],
  expected: Partial<Reason>,
])[] = [
  [
    'nobody has looked at it',
    { ...podOf('p', { phase: 'Pending' }), spec: {} },
    [],
    { code: 'stack_not_ready', text: 'pod p is Pending, not scheduled yet' },
  ],
  [
    'too little memory',
    pending('0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available.'),
    [],
    { code: 'pod_unschedulable', text: 'pod p is Pending, too little memory' },
  ],
  [
    'too little processor time',
    pending('0/1 nodes are available: 1 Insufficient cpu.'),
    [],
    { code: 'pod_unschedulable', text: 'pod p is Pending, too little processor time' },
  ],
  [
    'a volume that is not bound',
    pending('0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.'),
    [],
    { code: 'pod_unschedulable', text: 'pod p is Pending, its volume is not there yet' },
  ],
  [
    'a taint',
    pending('0/1 nodes are available: 1 node(s) had untolerated taint {disk: full}.'),
    [],
    { text: 'pod p is Pending, every node keeps pods away' },
  ],
  [
    'other words',
    pending('the moon is wrong'),
    [],
    { text: 'pod p is Pending, no node takes it', saw: 'the moon is wrong' },
  ],
  [
    'an image is being pulled',
    waits('ContainerCreating'),
    [event('Scheduled', 'assigned', 3_000), event('Pulling', 'Pulling image "ghcr.io/a/b:1"')],
    { code: 'stack_not_ready', text: 'pod p is pulling ghcr.io/a/b:1' },
  ],
  [
    'an image was pulled',
    waits('ContainerCreating'),
    [event('Pulling', 'Pulling image "ghcr.io/a/b:1"', 9_000), event('Pulled', 'Successfully pulled', 500)],
    { text: 'containers of pod p are being made' },
  ],
  [
    'an image that the registry does not have',
    waits('ErrImagePull', 'failed to resolve reference "ghcr.io/a/b:9": ghcr.io/a/b:9: not found'),
    [],
    { code: 'image_unavailable', why: 'the registry has no such image or tag' },
  ],
  [
    'back-off, with the reason among the events',
    waits('ImagePullBackOff', 'Back-off pulling image "ghcr.io/a/b:9"'),
    [event('Failed', 'Failed to pull image "ghcr.io/a/b:9": dial tcp: lookup ghcr.io: no such host')],
    {
      code: 'image_unavailable',
      text: 'container main of pod p cannot pull its image ghcr.io/zitadel/zitadel:v4.13.0',
      why: 'the node does not reach the registry',
    },
  ],
  [
    'a limit of the registry',
    waits('ErrImagePull', '429 Too Many Requests - toomanyrequests: You have reached your pull rate limit'),
    [],
    { why: 'the registry limits how often it may be asked without a sign-in' },
  ],
  ['no name of an image', waits('InvalidImageName', "couldn't parse image name"), [], { hopeless: true }],
  [
    'a user without a number',
    waits(
      'CreateContainerConfigError',
      'container has runAsNonRoot and image has non-numeric user (zitadel), cannot verify user is non-root (pod: "p", container: main)',
    ),
    [],
    {
      code: 'container_config_invalid',
      text: 'container main of pod p is not started: its image\'s user "zitadel" has no number',
      hopeless: true,
    },
  ],
  [
    'a secret that is not there',
    waits('CreateContainerConfigError', 'secret "zitadel-masterkey" not found'),
    [],
    {
      code: 'container_config_invalid',
      text: 'container main of pod p waits for secret "zitadel-masterkey"',
    },
  ],
  [
    'a key that a secret lacks',
    waits('CreateContainerConfigError', "couldn't find key uri in Secret zitadel/zitadel-db-app"),
    [],
    { text: 'container main of pod p waits for secret zitadel/zitadel-db-app' },
  ],
  [
    'a volume of a secret that is not there',
    waits('ContainerCreating'),
    [event('FailedMount', 'MountVolume.SetUp failed for volume "login": secret "login-client" not found')],
    { text: 'pod p cannot mount a volume: secret "login-client" is not there yet' },
  ],
  [
    'no network yet',
    waits('ContainerCreating'),
    [event('FailedCreatePodSandBox', 'Failed to create pod sandbox: cni plugin not initialized')],
    { text: 'the node cannot set up pod p', saw: 'Failed to create pod sandbox: cni plugin not initialized' },
  ],
  [
    'it crashes',
    container({
      restartCount: 4,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1, reason: 'Error' } },
    }),
    [],
    {
      code: 'pod_crashing',
      text: 'container main of pod p ended with exit code 1',
      saw: 'exit code 1, 4 restarts',
      log: { pod: 'p', container: 'main', previous: true },
    },
  ],
  [
    'it was killed',
    container({ restartCount: 1, state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }),
    [],
    {
      code: 'pod_crashing',
      text: 'container main of pod p was killed for want of memory',
      saw: 'exit code 137, OOMKilled, 1 restart',
    },
  ],
  [
    'an init container is at work',
    init({ state: { running: {} } }),
    [],
    { code: 'stack_not_ready', text: 'init container wait of pod p is at work' },
  ],
  [
    'an init container failed',
    init({ state: { terminated: { exitCode: 2 } } }),
    [],
    { code: 'pod_crashing', text: 'init container wait of pod p ended with exit code 2' },
  ],
  [
    'init containers are done',
    init({ ready: true, state: { terminated: { exitCode: 0 } } }),
    [],
    { text: 'containers of pod p are being made' },
  ],
  [
    'a probe fails',
    container({ ready: false, state: { running: {} } }),
    [event('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503')],
    {
      text: 'container main of pod p runs, but its readiness probe fails',
      saw: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
    },
  ],
  [
    'a probe failed long ago, or of another pod',
    container({ ready: false, state: { running: {} } }),
    [
      event('Unhealthy', 'Readiness probe failed', 20 * 60_000),
      event('Unhealthy', 'Startup probe failed', 10, 'other'),
    ],
    { text: 'container main of pod p runs, and is not ready yet' },
  ],
  [
    'it runs again',
    container({
      ready: false,
      restartCount: 2,
      state: { running: {} },
      lastState: { terminated: { exitCode: 1 } },
    }),
    [],
    { text: 'container main of pod p runs again after it ended 2 times, and is not ready yet' },
  ],
  [
    'one of two is in trouble',
    podOf('p', {
      phase: 'Pending',
      conditions: [scheduled],
      containerStatuses: [
        { name: 'a', state: { waiting: { reason: 'ContainerCreating' } } },
        { name: 'b', state: { waiting: { reason: 'ErrImagePull', message: 'denied' } } },
      ],
    }),
    [],
    { code: 'image_unavailable', why: 'the registry wants a sign-in, or has no such image' },
  ],
  [
    'it was evicted',
    podOf('p', { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }),
    [],
    { code: 'pod_crashing', text: 'pod p failed, Evicted', saw: 'The node was low on resource: memory.' },
  ],
  [
    'it is over',
    podOf('p', { phase: 'Succeeded' }),
    [],
    { code: 'stack_not_ready', text: 'pod p has done its work and ended' },
  ],
  [
    'it is being deleted',
    { ...readyPod('p'), metadata: { ...readyPod('p').metadata, deletionTimestamp: '2026-11-22T12:00:00Z' } },
    [],
    { code: 'stack_not_ready', text: 'pod p is being deleted' },
  ],
];

describe('why a pod is not ready', () => {
  it.each(rows)('%s', (_title, pod, events, expected) => {
    expect(whyNotReady(pod, events, now)).toMatchObject({ ...expected, where: 'pod zitadel/p' });
  });

  it('has nothing to say of one that is', () => {
    expect(whyNotReady(readyPod('p'), [event('Unhealthy', 'Readiness probe failed')], now)).toBeUndefined();
  });

  it('has a reason for whatever else the cluster may say, in one line', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('CrashLoopBackOff', 'ErrImagePull', 'Completed', 'Error'),
    );
    const state = fc.oneof(
      fc.record({ waiting: fc.record({ reason: word, message: fc.string() }) }),
      fc.record({ running: fc.constant({}) }),
      fc.record({ terminated: fc.record({ exitCode: fc.integer({ min: 0, max: 255 }), reason: word }) }),
      fc.constant({}),
    );
    const statuses = fc.array(fc.record({ name: fc.constant('main'), ready: fc.boolean(), state }), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        fc.record({
          phase: fc.constantFrom('Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'),
          initContainerStatuses: statuses,
          containerStatuses: statuses,
        }),
        (status) => {
          const reason = whyNotReady(podOf('p', status), [], now);
          expect(reason?.text).toMatch(/^\S.*\S$/u);
        },
      ),
    );
  });
});
