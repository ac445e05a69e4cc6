import { type Check, type CheckResult, runChecks } from '@drawbridge/zitadel';
import { expect, it } from 'vitest';

type TestCheck = Check<undefined>;

const fine = { state: 'ok', text: 'fine' } as const;

function check(name: string, run: TestCheck['run'], more: Partial<TestCheck> = {}): TestCheck {
  return { name, needs: [], run, ...more };
}

async function all(checks: readonly TestCheck[], options?: Parameters<typeof runChecks>[2]) {
  const results: CheckResult[] = [];
  for await (const result of runChecks(checks, undefined, options)) results.push(result);
  return results;
}

it('makes at once what needs nothing of each other, and tells it in its order', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const results = await all([
    // Ends only once the one behind it was made.
    check('first', async () => {
      await promise;
      return fine;
    }),
    check('second', async () => {
      resolve();
      return fine;
    }),
  ]);
  expect(results.map(({ name }) => name)).toEqual(['first', 'second']);
});

it('skips what a failed check makes pointless, with the first cause', async () => {
  const results = await all([
    check('cause', async () => ({ state: 'fail', text: 'broken' })),
    check('effect', async () => fine, { needs: ['cause'] }),
    check('far effect', async () => fine, { needs: ['effect'] }),
    check('other', async () => fine, { needs: ['nothing of this name'] }),
  ]);
  expect(results.map(({ name, state, ground }) => [name, state, ground])).toEqual([
    ['cause', 'fail', undefined],
    ['effect', 'skip', 'cause'],
    ['far effect', 'skip', 'cause'],
    ['other', 'ok', undefined],
  ]);
});

it('waits for no check longer than it may take, although that heeds no signal', async () => {
  const never = check('never', () => new Promise(() => undefined));
  const [found] = await all([never], { limitMs: 20 });
  expect(found).toMatchObject({ state: 'fail', text: 'there was no answer within 0.02 s' });
  const [own] = await all([{ ...never, limitMs: 10 }]);
  expect(own?.text).toBe('there was no answer within 0.01 s');
});

it('makes what keeps the machine busy once all others are done, wherever it stands', async () => {
  const order: string[] = [];
  const noting = (name: string, more?: Partial<TestCheck>) =>
    check(
      name,
      async () => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push(name);
        return fine;
      },
      more,
    );
  const results = await all([noting('a'), noting('busy', { alone: true }), noting('b'), noting('c')]);
  expect(order).toEqual(['a', 'b', 'c', 'busy']);
  expect(results.map(({ name }) => name)).toEqual(['a', 'busy', 'b', 'c']);
});

it('an interruption is no finding: it ends the looking, once what was under way has put back what it changed', async () => {
  const interrupted = new AbortController();
  const { signal } = interrupted;
  let isPutBack = false;
  const changing = check('changing', async () => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await new Promise((resolve) => setImmediate(resolve));
    isPutBack = true;
    return signal.aborted ? { state: 'fail', text: 'canceled' } : fine;
  });
  const results: string[] = [];
  const looking = (async () => {
    for await (const { name } of runChecks([check('quick', async () => fine), changing], undefined, {
      signal,
    })) {
      results.push(name);
      interrupted.abort(new Error('Interrupted.'));
    }
  })();
  await expect(looking).rejects.toThrow('Interrupted.');
  expect([results, isPutBack]).toEqual([['quick'], true]);
});
