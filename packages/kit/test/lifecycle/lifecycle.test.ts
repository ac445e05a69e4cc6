import { EventEmitter } from 'node:events';
import { ManualClock, onShutdown, type Part, runParts } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';

function part(name: string, log: string[], fails?: 'start' | 'stop'): Part {
  const note = async (what: 'start' | 'stop') => {
    log.push(`${what} ${name}`);
    if (what === fails) throw new Error(`${name} cannot ${what}`);
  };
  return {
    name,
    start: () => note('start'),
    stop: () => note('stop'),
    urls: () => ({ [name]: `http://${name}` }),
  };
}

describe('runParts', () => {
  it('starts in order, and whatever started is stopped once in reverse order, whoever fails', async () => {
    const fails = fc.constantFrom('start' as const, 'stop' as const, undefined);
    await fc.assert(
      fc.asyncProperty(fc.array(fails, { maxLength: 8 }), async (plan) => {
        const log: string[] = [];
        const names = plan.map((_, at) => `p${at}`);
        const parts = plan.map((failing, at) => part(`p${at}`, log, failing));
        const broken = plan.indexOf('start');
        const started = broken < 0 ? names : names.slice(0, broken + 1);
        const expected = [
          ...started.map((name) => `start ${name}`),
          ...started.toReversed().map((name) => `stop ${name}`),
        ];
        if (broken >= 0) {
          await expect(runParts(parts)).rejects.toThrow(`p${broken} cannot start`);
        } else {
          const running = await runParts(parts);
          expect(Object.keys(running.urls)).toEqual(names);
          const stop = running.stop();
          expect(running.stop()).toBe(stop);
          if (plan.includes('stop')) await expect(stop).rejects.toThrow(AggregateError);
          else await stop;
        }
        expect(log).toEqual(expected);
      }),
    );
  });

  it('gives up between two parts when the signal aborts', async () => {
    const log: string[] = [];
    const controller = new AbortController();
    const aborting: Part = { ...part('a', log), start: async () => controller.abort() };
    await expect(runParts([aborting, part('b', log)], { signal: controller.signal })).rejects.toMatchObject({
      code: 'canceled',
    });
    expect(log).toEqual(['stop a']);
  });
});

describe('onShutdown', () => {
  function fakeProcess() {
    const exits: number[] = [];
    return { source: Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) }), exits };
  }

  it('stops once and ends with 0', async () => {
    const { source, exits } = fakeProcess();
    let stops = 0;
    onShutdown(async () => void stops++, { source, clock: new ManualClock() });
    source.emit('SIGTERM', 'SIGTERM');
    await until(() => exits.length > 0);
    expect([stops, exits]).toEqual([1, [0]]);
  });

  it('ends with 1 when stopping fails or takes longer than the limit', async () => {
    const failing = fakeProcess();
    onShutdown(
      () => {
        throw new Error('no');
      },
      { source: failing.source },
    );
    failing.source.emit('SIGINT', 'SIGINT');
    await until(() => failing.exits.length > 0);
    const late = fakeProcess();
    const clock = new ManualClock();
    onShutdown(() => new Promise(() => undefined), { source: late.source, clock, drainMs: 100 });
    late.source.emit('SIGTERM', 'SIGTERM');
    await until(() => clock.sleeping === 1);
    clock.advance(100);
    await until(() => late.exits.length > 0);
    expect([failing.exits, late.exits]).toEqual([[1], [1]]);
  });

  it('obeys a second signal at once', () => {
    const { source, exits } = fakeProcess();
    const forget = onShutdown(() => new Promise(() => undefined), { source, clock: new ManualClock() });
    source.emit('SIGTERM', 'SIGTERM');
    source.emit('SIGINT', 'SIGINT');
    expect(exits).toEqual([130]);
    forget();
    expect(source.listenerCount('SIGTERM') + source.listenerCount('SIGINT')).toBe(0);
  });
});
