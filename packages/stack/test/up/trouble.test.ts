import { systemClock } from '@drawbridge/kit';
import { expect, it, onTestFinished } from 'vitest';
import { pods } from '../../src/index.ts';
import { createStackKube } from '../../src/up/stack-kube.ts';
import { openStandIn, podOf } from '../kube/support/stand-in.ts';

const signal = AbortSignal.timeout(10_000);

it('what keeps Zitadel’s pods is told, and not that a hook has done its work', async () => {
  const { put, change, kubeconfig } = await openStandIn();
  const stack = createStackKube({ kubeconfig }, systemClock);
  onTestFinished(() => stack.close());
  await stack.untilAnswers({ timeoutMs: 5_000, signal, onWaiting: () => undefined });
  put(pods, podOf('zitadel-init-x7k2p', { phase: 'Succeeded' }));
  expect(await stack.trouble('zitadel', signal)).toBeUndefined();
  const message = '0/1 nodes are available: 1 Insufficient memory.';
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
  put(pods, podOf('zitadel-setup-b9qwz', { phase: 'Pending', conditions }));
  expect(await stack.trouble('zitadel', signal)).toContain('too little memory');
  change(pods, 'zitadel', 'zitadel-setup-b9qwz', { status: { phase: 'Succeeded' } });
  expect(await stack.trouble('zitadel', signal)).toBeUndefined();
});
