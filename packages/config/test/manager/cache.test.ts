import { createConfigManager, defineConfig, type KeptAnswer, type StaleEvent } from '@drawbridge/config';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { clockAt, type RemoteStandIn, remote, settle, value } from '../support/sources.ts';

const text = defineConfig('a', z.string());
const cache = { freshMs: 60_000, maxAgeMs: 600_000 };

/** A manager over one remote source, and a clock to move. */
function over(source: RemoteStandIn, clock = clockAt()) {
  const stale: StaleEvent[] = [];
  const config = createConfigManager({
    sources: [source],
    cache,
    clock,
    onStale: (event) => stale.push(event),
  });
  return { config, clock, stale };
}

describe('kept answers', () => {
  it('fresh: no call', async () => {
    const source = remote(value('one'));
    const { config, clock } = over(source);
    expect(await config.get(text)).toBe('one');
    source.answer = value('two');
    clock.advance(59_999);
    expect(await config.get(text)).toBe('one');
    expect(source.reads).toHaveLength(1);
    expect((await config.explain(text)).sources[0]?.cached).toEqual({
      at: clock.now() - 59_999,
      freshForMs: 1,
      stale: false,
    });
  });

  it('older: answered at once, and refreshed behind without asking anybody', async () => {
    const source = remote(value('one'));
    const { config, clock } = over(source);
    await config.get(text);
    source.answer = value('two');
    clock.advance(60_000);
    const release = source.hold();
    expect(await config.get(text)).toBe('one');
    expect(await config.get(text)).toBe('one');
    release();
    await settle();
    expect(await config.get(text)).toBe('two');
    expect(source.reads).toEqual([
      { key: 'a', mayAsk: true },
      { key: 'a', mayAsk: false },
    ]);
  });

  it('too old: waited for', async () => {
    const source = remote(value('one'));
    const { config, clock } = over(source);
    await config.get(text);
    source.answer = value('two');
    clock.advance(600_000);
    expect(await config.get(text)).toBe('two');
    source.answer = 'unreachable';
    clock.advance(600_000);
    await expect(config.get(text)).rejects.toMatchObject({ code: 'unreachable' });
  });

  it.each([
    'openbao_sealed',
    'unreachable',
    'not_signed_in',
    'openbao_login_refused',
    'invalid_response',
  ] as const)(
    'while the source is out of reach (%s) they serve up to their age, marked stale, and the source is not pressed',
    async (code) => {
      const source = remote(value('one'));
      const { config, clock, stale } = over(source);
      await config.get(text);
      source.answer = code;
      clock.advance(300_000);
      expect(await config.get(text)).toBe('one');
      await settle();
      expect(stale).toMatchObject([{ key: 'a', source: 'remote', ageMs: 300_000, error: { code } }]);
      expect(await config.get(text)).toBe('one');
      await settle();
      expect(source.reads).toHaveLength(2);
      expect((await config.explain(text)).sources[0]?.cached).toMatchObject({ stale: true, failure: code });
      clock.advance(10_000);
      await config.get(text);
      await settle();
      expect(source.reads).toHaveLength(3);
      clock.advance(290_000);
      await expect(config.get(text)).rejects.toMatchObject({ code });
    },
  );

  it('a right that was taken away is no outage: what was kept is dropped', async () => {
    const source = remote(value('one'));
    const { config, clock } = over(source);
    await config.get(text);
    source.answer = 'openbao_denied';
    clock.advance(60_000);
    await config.get(text);
    await settle();
    await expect(config.get(text)).rejects.toMatchObject({ code: 'openbao_denied' });
    expect(source.shelved.size).toBe(0);
  });

  it('that there is nothing is believed for half a minute', async () => {
    const source = remote({ state: 'absent', why: 'there is nothing' });
    const { config, clock } = over(source);
    await expect(config.get(text)).rejects.toMatchObject({ code: 'config_missing' });
    await expect(config.get(text)).rejects.toMatchObject({ code: 'config_missing' });
    expect(source.reads).toHaveLength(1);
    source.answer = value('one');
    clock.advance(30_000);
    expect(await config.get(text)).toBe('one');
  });

  it('however many callers wait there is one call, and one that gives up does not end it', async () => {
    const source = remote(value('one'));
    const { config } = over(source);
    const release = source.hold();
    const stop = new AbortController();
    const impatient = config.get(text, { signal: stop.signal });
    const patient = Array.from({ length: 50 }, () => config.get(text));
    await settle();
    stop.abort();
    await expect(impatient).rejects.toMatchObject({ code: 'canceled' });
    release();
    expect(new Set(await Promise.all(patient))).toEqual(new Set(['one']));
    expect(source.reads).toHaveLength(1);
  });

  it('at most sixteen calls are made at once', async () => {
    const source = remote(value('one'));
    const { config } = over(source);
    const release = source.hold();
    const keys = Array.from({ length: 40 }, (_, at) => `k${String.fromCharCode(97 + (at % 26))}${at}`);
    const all = Promise.all(keys.map((key) => config.get(key)));
    await settle();
    expect(source.reads).toHaveLength(16);
    release();
    expect(await all).toHaveLength(40);
  });

  it('a write makes the next read a new one, and a read from before it is not kept', async () => {
    const source = remote(value('one'));
    const { config } = over(source);
    const release = source.hold();
    const old = config.get(text);
    await settle();
    const set = config.set(text, 'new');
    release();
    await Promise.all([old, set]);
    expect(await config.get(text)).toBe('new');
    await config.close();
    expect(source.shelved.get('a')?.answer).toMatchObject({ value: 'new' });
  });

  it('outlive the process on the shelf, where a younger one of another process is taken', async () => {
    const shelf = new Map<string, KeptAnswer>();
    const clock = clockAt();
    const first = over(remote(value('one'), shelf), clock);
    await first.config.get(text);
    await first.config.close();
    const source = remote(value('two'), shelf);
    const second = over(source, clock);
    expect(await second.config.get(text)).toBe('one');
    expect(source.reads).toEqual([]);
    clock.advance(60_000);
    shelf.set('a', { answer: value('three'), at: clock.now() });
    expect(await second.config.get(text)).toBe('three');
    expect(source.reads).toEqual([]);
    // One from the future was kept by a clock that was wrong.
    const third = over(remote(value('four'), shelf), clock);
    shelf.set('a', { answer: value('later'), at: clock.now() + 1 });
    expect(await third.config.get(text)).toBe('four');
  });

  it('with `fresh` the source is asked in any case', async () => {
    const source = remote(value('one'));
    const { config } = over(source);
    await config.get(text);
    source.answer = value('two');
    expect(await config.get(text, { fresh: true })).toBe('two');
    expect(await config.get(text)).toBe('two');
  });

  it('a close lets refreshes end, for so long, and nothing is read afterwards', async () => {
    const source = remote(value('one'));
    const { config, clock } = over(source);
    await config.get(text);
    source.answer = value('two');
    clock.advance(60_000);
    const release = source.hold();
    await config.get(text);
    const closing = config.close({ waitMs: 1_000 });
    release();
    await closing;
    expect(source.shelved.get('a')?.answer).toMatchObject({ value: 'two' });
    await expect(config.get(text)).rejects.toMatchObject({ code: 'shutting_down' });
  });

  it('refuses times that are none', () => {
    expect(() => createConfigManager({ sources: [], cache: { freshMs: Number.NaN } })).toThrow(
      expect.objectContaining({ code: 'invalid_settings' }),
    );
  });
});
