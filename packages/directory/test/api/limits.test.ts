import { type Directory, openDirectory } from '@drawbridge/directory';
import { ManualClock } from '@drawbridge/kit';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { TokenBuckets } from '../../src/api/token-buckets.ts';
import { databases } from '../support/databases.ts';
import { namesAsTokens } from '../support/world.ts';

describe('token buckets', () => {
  it('never let more through than burst and rate allow, over any stretch of time', () => {
    const waits = fc.array(fc.nat(3_000), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 50 }),
        waits,
        (rate, burst, all) => {
          const clock = new ManualClock(0);
          const buckets = new TokenBuckets({ perSecond: rate, burst }, clock);
          const passed: number[] = [];
          for (const wait of all) {
            clock.advance(wait);
            const taken = buckets.take('a');
            expect(taken.remaining).toBeGreaterThanOrEqual(0);
            expect(taken.remaining).toBeLessThan(burst);
            if (taken.allowed) passed.push(clock.now());
            else expect(taken.retryAfterSeconds).toBeGreaterThan(0);
          }
          for (const [first, from] of passed.entries()) {
            const last = passed.length - 1;
            const seconds = ((passed[last] ?? 0) - from) / 1_000;
            expect(last - first + 1).toBeLessThanOrEqual(burst + seconds * rate + 1e-6);
          }
        },
      ),
    );
  });

  it('let one through after Retry-After', () => {
    const clock = new ManualClock(0);
    const buckets = new TokenBuckets({ perSecond: 3, burst: 5 }, clock);
    for (let at = 0; at < 5; at += 1) expect(buckets.take('a').allowed).toBe(true);
    const refused = buckets.take('a');
    expect(refused).toMatchObject({ allowed: false, remaining: 0, retryAfterSeconds: 1, resetSeconds: 2 });
    clock.advance(refused.retryAfterSeconds * 1_000);
    expect(buckets.take('a').allowed).toBe(true);
  });

  it('keep each key for itself, and no more of them than allowed', () => {
    const clock = new ManualClock(0);
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, clock, 100);
    expect(buckets.take('a').allowed).toBe(true);
    expect(buckets.take('b').allowed).toBe(true);
    expect(buckets.take('a').allowed).toBe(false);
    for (let at = 0; at < 10_000; at += 1) buckets.take(`k${at}`);
    expect(buckets.size).toBeLessThanOrEqual(100);
  });
});

describe.each(databases)('the API on $name', (kind) => {
  let directory: Directory | undefined;
  let drop: (() => Promise<void>) | undefined;
  const stop = async () => {
    await directory?.stop();
    await drop?.();
    directory = undefined;
    drop = undefined;
  };
  afterEach(stop);
  const open = async (options: object = {}) => {
    const clock = new ManualClock(Date.now());
    const own = await kind.location();
    drop = own.close;
    directory = await openDirectory({
      database: own.location,
      port: 0,
      authenticator: namesAsTokens,
      clock,
      ...options,
    });
    await directory.start();
    const { url } = directory;
    const get = (path: string, headers: Record<string, string> = {}) =>
      fetch(`${url}${path}`, { headers, redirect: 'manual' });
    return { clock, get };
  };

  it('takes 3 sign-ins a second, 5 at once, and then says how long to wait', async () => {
    const { clock, get } = await open();
    const statuses = [];
    for (let at = 0; at < 6; at += 1) statuses.push((await get('/auth/callback')).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const refused = await get('/auth/sign-in');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('ratelimit-policy')).toBe('"sign-in";q=5;w=2');
    expect(refused.headers.get('ratelimit')).toBe('"sign-in";r=0;t=2');
    clock.advance(1_000);
    expect((await get('/auth/callback')).status).toBe(401);
  });

  it('counts each caller apart, and reads apart from writes', async () => {
    const { get } = await open({ limits: { reads: { perSecond: 1, burst: 2 } } });
    const as = (name: string) => get('/api/me', { authorization: `Bearer ${name}` });
    expect((await as('ada')).status).toBe(200);
    const second = await as('ada');
    expect(second.headers.get('ratelimit-policy')).toBe('"reads";q=2;w=2');
    expect(second.headers.get('ratelimit')).toBe('"reads";r=0;t=2');
    const third = await as('ada');
    expect([third.status, await third.json()]).toEqual([
      429,
      expect.objectContaining({ code: 'rate_limited', retryAfter: 1 }),
    ]);
    expect((await as('sam')).status).toBe(200);
    const write = await fetch(`${directory?.url}/api/me/acting`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer ada' },
    });
    expect(write.headers.get('ratelimit-policy')).toBe('"writes";q=100;w=5');
  });

  it('limits an address whatever it sends, but not the probes', async () => {
    const { get } = await open({ limits: { address: { perSecond: 1, burst: 3 } } });
    for (let at = 0; at < 3; at += 1) expect((await get('/api/me')).status).toBe(401);
    expect((await get('/none')).status).toBe(429);
    expect((await get('/livez')).status).toBe(200);
  });

  it('believes X-Forwarded-For only as far as it is told to', async () => {
    const limits = { address: { perSecond: 1, burst: 1 } };
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const plain = await open({ limits });
    expect((await plain.get('/api/me', from('10.0.0.1'))).status).toBe(401);
    expect((await plain.get('/api/me', from('10.0.0.2'))).status).toBe(429);
    await stop();
    const behind = await open({ limits, trustedProxies: 1 });
    expect((await behind.get('/api/me', from('1.1.1.1, 10.0.0.1'))).status).toBe(401);
    expect((await behind.get('/api/me', from('2.2.2.2, 10.0.0.1'))).status).toBe(429);
    expect((await behind.get('/api/me', from('10.0.0.2'))).status).toBe(401);
    // One subscriber has 2^64 addresses of IPv6.
    expect((await behind.get('/api/me', from('2001:db8:1:2::1'))).status).toBe(401);
    expect((await behind.get('/api/me', from('2001:db8:1:2:ffff::9'))).status).toBe(429);
    expect((await behind.get('/api/me', from('2001:db8:1:3::1'))).status).toBe(401);
  });
});
