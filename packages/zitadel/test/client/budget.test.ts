import { Budget, ManualClock } from '@drawbridge/kit';
import { describe, expect, it } from 'vitest';
import { createZitadel, defaultBudget, personalAccessToken, type ZitadelOptions } from '../../src/index.ts';
import { drive, fakeFetch, settle } from '../support/fetch.ts';
import { userAnswer } from '../support/zitadel.ts';

function client(issuer: string, options: Partial<ZitadelOptions> = {}) {
  const clock = new ManualClock();
  const fetch = fakeFetch(() => ({ json: userAnswer('7') }));
  const credentials = personalAccessToken('pat');
  const zitadel = createZitadel({ issuer, credentials, http: { fetch }, clock, ...options });
  return { zitadel, fetch, clock };
}

describe('the outbound budget', () => {
  it('is 20 calls a second on Zitadel Cloud', async () => {
    const { zitadel, fetch, clock } = client('https://acme.zitadel.cloud');
    const calls = Array.from({ length: 60 }, () => zitadel.users.get('7'));
    await expect.poll(() => fetch.sent).toHaveLength(20);
    await settle();
    expect(fetch.sent).toHaveLength(20); // and no more
    const began = clock.now();
    await drive(clock, () => fetch.sent.length === 60);
    expect(clock.now() - began).toBeGreaterThanOrEqual(1_900);
    await Promise.all(calls);
    await zitadel.close();
  });

  it('is none elsewhere', async () => {
    const { zitadel, fetch } = client('https://sso.acme.example');
    await Promise.all(Array.from({ length: 200 }, () => zitadel.users.get('7')));
    expect(fetch.sent).toHaveLength(200);
    await zitadel.close();
  });

  it('is what was said, as for Zitadel Cloud behind a domain of one’s own', async () => {
    const clock = new ManualClock();
    const issuer = 'https://sso.acme.example';
    const budget = defaultBudget(issuer, { clock, perSecond: 5 });
    const { zitadel, fetch } = client(issuer, { clock, ...(budget ? { budget } : {}) });
    const calls = Array.from({ length: 20 }, () => zitadel.users.get('7'));
    await expect.poll(() => fetch.sent).toHaveLength(5);
    await settle();
    expect(fetch.sent).toHaveLength(5); // and no more
    const began = clock.now();
    await drive(clock, () => fetch.sent.length === 20);
    expect(clock.now() - began).toBeGreaterThanOrEqual(2_900);
    await Promise.all(calls);
    await zitadel.close();
  });

  it('lets people go before sweeps', async () => {
    const clock = new ManualClock();
    const budget = new Budget({ perSecond: 1, burst: 1, clock });
    const { zitadel, fetch } = client('https://sso.acme.example', { budget, clock });
    const sweep = [1, 2, 3].map(() => zitadel.users.get('7', { priority: 'low' }));
    await expect.poll(() => fetch.sent).toHaveLength(1);
    const person = zitadel.users.get('7', { priority: 'high' });
    await drive(clock, () => fetch.sent.length === 4, 1_000);
    await Promise.all([...sweep, person]);
    expect(fetch.sent.map(({ priority }) => priority)).toEqual(['low', 'high', 'low', 'low']);
    await zitadel.close();
  });
});
