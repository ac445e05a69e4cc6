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
});
