import { DrawbridgeError, ManualClock } from '@drawbridge/kit';
import { expect, it } from 'vitest';
import type { Looked, Workshop } from '../../src/phases/index.ts';
import { readyPhase } from '../../src/phases/ready.ts';
import { settleStack } from '../../src/settings/index.ts';

/** Looks until it is ready or no longer waited for. */
async function lookAt(look: (url: string) => Promise<Looked>, context?: string) {
  const clock = new ManualClock();
  const settings = settleStack({ folder: '/stack', ...(context === undefined ? {} : { context }) });
  const told: string[] = [];
  let isOver = false;
  const { signal } = new AbortController();
  const ended = readyPhase
    .run({ settings, look, clock, signal } as Partial<Workshop> as Workshop, (why) => told.push(why))
    .catch((error: unknown) => error)
    .finally(() => {
      isOver = true;
    });
  while (!isOver) {
    await expect.poll(() => isOver || clock.sleeping > 0).toBe(true);
    clock.advance(1_000);
  }
  return { came: await ended, told: new Set(told) };
}

const gone = async (): Promise<never> => {
  throw new DrawbridgeError('unreachable', { message: 'bao.harmony.local:8080 cannot be reached.' });
};

it('a port that leads nowhere is told with what would lead there', async () => {
  const { came, told } = await lookAt(gone, 'kind-lab');
  expect(told).toEqual(new Set(['not ready: bao.harmony.local:8080 cannot be reached.']));
  expect(came).toMatchObject({
    code: 'stack_not_ready',
    saw: 'bao.harmony.local:8080 cannot be reached.',
    fix: 'Lead 127.0.0.1:8080 to the ingress: kubectl --context kind-lab -n kube-system port-forward service/traefik 8080:80',
  });
  expect((await lookAt(gone)).came).toMatchObject({
    fix: expect.stringContaining('k3d-drawbridge-serverlb'),
  });
});

it('what else has the port is told by its answer', async () => {
  const { came } = await lookAt(async () => ({ status: 404, body: 'Apache' }));
  expect(came).toMatchObject({
    where: 'http://bao.harmony.local:8080/v1/sys/health by way of 127.0.0.1:8080',
    saw: 'bao.harmony.local:8080 answers 404 "Apache"',
  });
});

it('is ready once OpenBao is unsealed and Zitadel says its issuer byte for byte', async () => {
  let looks = 0;
  const { came, told } = await lookAt(async (url) => {
    looks += 1;
    if (url.includes('/v1/sys/health')) return { status: looks > 2 ? 200 : 503, body: { sealed: looks < 3 } };
    return {
      status: 200,
      body: { issuer: looks > 5 ? 'http://sso.harmony.local:8080' : 'http://sso.harmony.local' },
    };
  });
  expect(came).toEqual({ text: 'health and discovery answer at 127.0.0.1:8080' });
  expect([...told]).toEqual([
    'not ready: bao.harmony.local:8080 answers 503 {"sealed":true}',
    'not ready: sso.harmony.local:8080 answers 200 {"issuer":"http://sso.harmony.local"}',
  ]);
});
