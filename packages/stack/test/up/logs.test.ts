import { describe, expect, it } from 'vitest';
import { pods } from '../../src/index.ts';
import { stackLogs } from '../../src/up/index.ts';
import { openStandIn, readyPod } from '../kube/support/stand-in.ts';

describe('logs of the stack', () => {
  it('are the last lines of every pod of a part, each with its pod, and none of what has not written yet', async () => {
    const asked: string[] = [];
    const { kube, put } = await openStandIn({
      answer({ path, query }) {
        if (!path.endsWith('/log')) return undefined;
        asked.push(query.get('tailLines') ?? '');
        return path.includes('zitadel-setup')
          ? {
              status: 400,
              body: { kind: 'Status', reason: 'BadRequest', code: 400, message: 'is waiting to start' },
            }
          : { status: 200, body: 'one\ntwo\n' };
      },
    });
    put(pods, readyPod('zitadel-1'));
    put(pods, readyPod('zitadel-setup'));
    const lines = [];
    for await (const line of stackLogs(kube, ['zitadel'], 5, AbortSignal.timeout(10_000))) lines.push(line);
    expect(lines).toEqual([
      { pod: 'zitadel/zitadel-1', line: 'one' },
      { pod: 'zitadel/zitadel-1', line: 'two' },
    ]);
    expect(asked).toEqual(['5', '5']);
  });

  it('fail where the node does not give them, instead of looking empty', async () => {
    const message =
      'Get "https://10.0.0.7:10250/containerLogs/zitadel/zitadel-1/main": dial tcp: connection refused';
    const { kube, put } = await openStandIn({
      answer: ({ path }) =>
        path.endsWith('/log')
          ? { status: 500, body: { kind: 'Status', reason: 'InternalError', code: 500, message } }
          : undefined,
    });
    put(pods, readyPod('zitadel-1'));
    const lines = stackLogs(kube, ['zitadel'], 5, AbortSignal.timeout(10_000));
    await expect(lines.next()).rejects.toMatchObject({ code: 'kubernetes_failed' });
  });
});
