import { createMetrics, DrawbridgeError, ManualClock, noMetrics, silentLogger } from '@drawbridge/kit';
import { expect, it, onTestFinished } from 'vitest';
import { createKeeper } from '../../src/relay/keeper.ts';
import type { Reading } from '../../src/relay/read-issuer.ts';

const minute = 60_000;

/** A keeper on a clock of its own, and an issuer that answers as it is told. */
function open(options: { maxAgeMs?: number; staleMs?: number; metrics?: typeof noMetrics } = {}) {
  const clock = new ManualClock();
  const issuer = { calls: 0, atOnce: 0, most: 0, away: false, maxAgeMs: undefined as number | undefined };
  const keeper = createKeeper({
    instance: 'sso.acme.example',
    read: async () => {
      issuer.calls += 1;
      issuer.atOnce += 1;
      issuer.most = Math.max(issuer.most, issuer.atOnce);
      await Promise.resolve();
      issuer.atOnce -= 1;
      if (issuer.away) throw new DrawbridgeError('unreachable');
      const reading: Reading = { discovery: '{}', keys: String(issuer.calls), maxAgeMs: issuer.maxAgeMs };
      return reading;
    },
    maxAgeMs: options.maxAgeMs ?? minute,
    staleMs: options.staleMs ?? 10 * minute,
    clock,
    random: () => 0.5,
    logger: silentLogger,
    metrics: options.metrics ?? noMetrics,
  });
  const ended = new AbortController();
  const running = keeper.run(ended.signal);
  onTestFinished(async () => {
    ended.abort();
    await running;
  });
  const asleep = () => expect.poll(() => clock.sleeping).toBe(1);
  /** Lets time pass, and waits until what is due then is done. */
  const pass = async (ms: number) => {
    await asleep();
    clock.advance(ms);
    await asleep();
  };
  return { clock, issuer, keeper, asleep, pass };
}

it('has nothing before the first good reading, and tries again by itself', async () => {
  const { issuer, keeper, asleep, pass } = open();
  issuer.away = true;
  await asleep();
  expect(keeper.current()).toBeUndefined();
  issuer.away = false;
  await pass(2_000);
  expect(keeper.current()).toMatchObject({ keys: '2', freshMs: minute });
});

it.each([
  [undefined, minute],
  [300_000, minute],
  [30_000, 30_000],
  [0, 10_000],
])("takes the issuer's max-age of %s ms within bounds", async (maxAgeMs, freshMs) => {
  const { clock, issuer, keeper, pass, asleep } = open();
  issuer.maxAgeMs = maxAgeMs;
  await asleep();
  expect(keeper.current()?.freshMs).toBe(freshMs);
  // Renewed before it is old: at 82.5 % with this chance.
  await pass(freshMs * 0.82);
  expect(issuer.calls).toBe(1);
  await pass(freshMs * 0.01);
  expect(issuer.calls).toBe(2);
  expect(keeper.current()?.readAt).toBe(clock.now());
});

it('serves the last good copy through an outage for as long as it is told, and not a moment longer', async () => {
  const { clock, issuer, keeper, asleep, pass } = open({ staleMs: 10 * minute });
  await asleep();
  const readAt = clock.now();
  issuer.away = true;
  while (clock.now() - readAt < 11 * minute) await pass(30_000);
  expect(clock.now() - readAt).toBe(11 * minute);
  expect(keeper.current()).toMatchObject({ keys: '1', readAt });
  clock.advance(1);
  expect(keeper.current()).toBeUndefined();
  issuer.away = false;
  await pass(31_000);
  expect(keeper.current()?.readAt).toBe(clock.now());
});

it('makes one reading at a time, however often it is asked, and tries less often the longer an outage lasts', async () => {
  const { issuer, keeper, asleep, pass } = open();
  issuer.away = true;
  for (let second = 0; second < 60; second++) {
    await pass(1_000);
    for (let request = 0; request < 10; request++) keeper.current();
  }
  await asleep();
  expect(issuer.most).toBe(1);
  expect(issuer.calls).toBeLessThan(12);
});

it('counts readings, and tells when the last good one was', async () => {
  const metrics = await createMetrics({ process: false });
  const { clock, issuer, asleep, pass } = open({ metrics });
  await asleep();
  const readAt = clock.now();
  issuer.away = true;
  await pass(50_000);
  const text = await metrics.text();
  expect(text).toContain('drawbridge_relay_reads_total{outcome="ok"} 1');
  expect(text).toContain('drawbridge_relay_reads_total{outcome="unreachable"} 1');
  expect(text).toContain(
    `drawbridge_relay_last_read_timestamp_seconds{instance="sso.acme.example"} ${readAt / 1_000}`,
  );
});
