import { createCaller, createLogger, DrawbridgeError, ManualClock, wasNeverDone } from '@drawbridge/kit';
import { describe, expect, it } from 'vitest';

const call = { path: '/things', method: 'GET', where: 'https://a.example/things', retryable: () => true };
const away = () => new DrawbridgeError('unreachable', { saw: 'ECONNRESET' });
/** Lets what waits by the clock go on. */
async function passing<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let over = false;
  const settled = work.finally(() => {
    over = true;
  });
  settled.catch(() => undefined);
  while (!over) {
    clock.advance(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return await settled;
}

describe('a call', () => {
  it('has one request id for all its tries, the one that is given or a new one', async () => {
    const clock = new ManualClock(0);
    const make = createCaller('https://a.example', { clock });
    const seen: string[] = [];
    const work = async ({ requestId }: { readonly requestId: string }) => {
      seen.push(requestId);
      if (seen.length < 3) throw away();
      return 'done';
    };
    expect(await passing(clock, make(call, { requestId: 'r1' }, work))).toBe('done');
    expect(seen).toEqual(['r1', 'r1', 'r1']);
    const ids = new Set<string>();
    for (let at = 0; at < 2; at += 1)
      await make(call, {}, async ({ requestId }) => {
        ids.add(requestId);
      });
    expect(ids.size).toBe(2);
  });

  it('is not made again where that is not safe', async () => {
    const make = createCaller('https://a.example');
    let tries = 0;
    const work = async () => {
      tries += 1;
      throw away();
    };
    const failed = make({ ...call, retryable: wasNeverDone }, {}, work);
    await expect(failed).rejects.toMatchObject({ code: 'unreachable' });
    expect(tries).toBe(1);
    expect(wasNeverDone(new DrawbridgeError('unreachable', { saw: 'ECONNREFUSED' }))).toBe(true);
    expect(wasNeverDone(new DrawbridgeError('timeout'))).toBe(false);
    expect(wasNeverDone(new Error('ECONNREFUSED'))).toBe(false);
  });

  it('ends with the caller, and says so', async () => {
    const make = createCaller('https://a.example');
    const stop = new AbortController();
    const canceled = make(call, { signal: stop.signal }, async ({ signal }) => {
      stop.abort();
      signal.throwIfAborted();
    });
    await expect(canceled).rejects.toMatchObject({ code: 'canceled', where: call.where });
  });

  it('ends at its deadline: with what failed last, or as late', async () => {
    const late = createCaller('https://a.example', { totalMs: 5 });
    const until = ({ signal }: { readonly signal: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    await expect(late(call, {}, until)).rejects.toMatchObject({ code: 'timeout', where: call.where });
    let tries = 0;
    const waiting = late(call, {}, async (attempt) => {
      tries += 1;
      if (tries === 1) throw away();
      return await until(attempt);
    });
    await expect(waiting).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('is a line in the log, and one for every try that failed', async () => {
    const clock = new ManualClock(0);
    const lines: Record<string, unknown>[] = [];
    const logger = createLogger({
      level: 'debug',
      destination: { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    });
    const make = createCaller('https://a.example', { clock, logger });
    let tries = 0;
    await passing(
      clock,
      make(call, { requestId: 'r1' }, async () => {
        tries += 1;
        if (tries === 1) throw away();
      }),
    );
    expect(lines).toEqual([
      expect.objectContaining({ code: 'unreachable', attempt: 1, request_id: 'r1', path: '/things' }),
      expect.objectContaining({ message: 'called', instance: 'https://a.example', method: 'GET' }),
    ]);
  });
});
