import { expect, it } from 'vitest';
import { pods, waitForHooks } from '../../src/index.ts';
import { openStandIn, podOf, readyPod } from './support/stand-in.ts';

const labels = { 'job-name': 'zitadel-setup' };

it('what a job has begun is waited for, and not what it has not begun or what runs for good', async () => {
  const { kube, put, change } = await openStandIn();
  put(pods, podOf('zitadel-init-x7k2p', { phase: 'Pending' }, { labels: { 'job-name': 'zitadel-init' } }));
  put(pods, readyPod('zitadel-1'));
  await waitForHooks(kube, { namespace: 'zitadel', timeoutMs: 5_000 });
  put(pods, podOf('zitadel-setup-b9qwz', { phase: 'Running' }, { labels }));
  const told: string[] = [];
  await waitForHooks(kube, {
    namespace: 'zitadel',
    timeoutMs: 10_000,
    onWaiting(why) {
      told.push(why);
      change(pods, 'zitadel', 'zitadel-setup-b9qwz', { status: { phase: 'Succeeded' } });
    },
  });
  expect(told).toEqual(['job zitadel-setup of an earlier run is at work']);
});

it('a job that does not end is named', async () => {
  const { kube, put } = await openStandIn();
  put(pods, podOf('zitadel-setup-b9qwz', { phase: 'Running' }, { labels }));
  await expect(waitForHooks(kube, { namespace: 'zitadel', timeoutMs: 1_200 })).rejects.toMatchObject({
    code: 'stack_not_ready',
    where: 'pod zitadel/zitadel-setup-b9qwz',
  });
});
