import { inspect } from 'node:util';
import { createBreaker, DrawbridgeError, ManualClock, Secret, systemClock } from '@drawbridge/kit';
import { describe, expect, it } from 'vitest';
import { createTransport, type TransportOptions } from '../../src/index.ts';
import { connectError, drive, fakeFetch } from '../support/fetch.ts';

const issuer = 'https://sso.acme.example';
const getUser = 'zitadel.user.v2.UserService/GetUserByID';
const deactivate = 'zitadel.user.v2.UserService/DeactivateUser';

function make(answer: Parameters<typeof fakeFetch>[0], options: Partial<TransportOptions> = {}) {
  const clock = new ManualClock();
  const fetch = fakeFetch(answer);
  let count = 1;
  const refused: string[] = [];
  const transport = createTransport({
    issuer,
    fetch,
    clock,
    random: () => 0.5,
    token: {
      get: async () => new Secret(`token-${count}`),
      invalidate: (token) => {
        refused.push(token.expose());
        count += 1;
      },
    },
    ...options,
  });
  /** Runs a call, moving the clock on while it waits. */
  const run = async <T>(work: Promise<T>): Promise<T | DrawbridgeError> => {
    let ended = false;
    const settled = work
      .catch((error: unknown) => DrawbridgeError.from(error))
      .finally(() => {
        ended = true;
      });
    await drive(clock, () => ended, 1_000);
    return await settled;
  };
  return { transport, fetch, clock, run, refused };
}

describe('a call', () => {
  it('is a Connect POST with bearer, request id, organization and lane', async () => {
    const { transport, fetch } = make(() => ({ json: { user: { userId: '7' } } }));
    const answer = await transport.call(
      getUser,
      { userId: '7' },
      { priority: 'low', organization: '3', requestId: 'r1' },
    );
    expect(answer.user?.userId).toBe('7');
    const [sent] = fetch.sent;
    expect(sent).toMatchObject({
      method: 'POST',
      url: `${issuer}/${getUser}`,
      body: '{"userId":"7"}',
      priority: 'low',
    });
    expect(Object.fromEntries(sent?.headers ?? [])).toMatchObject({
      authorization: 'Bearer token-1',
      'connect-protocol-version': '1',
      'content-type': 'application/json',
      'x-request-id': 'r1',
      'x-zitadel-orgid': '3',
    });
  });

  it('renews the token once after a 401, and not again', async () => {
    const good = make(({ headers }) =>
      headers.get('authorization') === 'Bearer token-2'
        ? { json: {} }
        : connectError('unauthenticated', 'AUTH-7fs1e', 401),
    );
    await good.transport.call(getUser, { userId: '7' });
    expect(good.refused).toEqual(['token-1']);

    const bad = make(() => connectError('unauthenticated', 'AUTH-7fs1e', 401));
    expect(await bad.run(bad.transport.call(getUser, { userId: '7' }))).toMatchObject({
      code: 'zitadel_unauthenticated',
    });
    expect(bad.fetch.sent).toHaveLength(2);
  });

  it('repeats a read after transient failures, a write only when it was never done', async () => {
    const failing = (first: DrawbridgeError | number) =>
      make((_, count) => {
        if (count > 1) return { json: {} };
        if (typeof first === 'number') return { status: first };
        throw first;
      });
    const timeout = new DrawbridgeError('timeout');
    const refused = new DrawbridgeError('unreachable', { saw: 'ECONNREFUSED' });
    const reset = new DrawbridgeError('unreachable', { saw: 'ECONNRESET' });
    for (const [first, readTries, writeTries] of [
      [timeout, 2, 1],
      [reset, 2, 1],
      [refused, 2, 2],
      [503, 2, 1],
      [500, 2, 1],
      [429, 2, 2],
      [403, 1, 1],
    ] as const) {
      const read = failing(first);
      await read.run(read.transport.call(getUser, { userId: '7' }));
      expect(read.fetch.sent).toHaveLength(readTries);
      const write = failing(first);
      await write.run(write.transport.call(deactivate, { userId: '7' }));
      expect(write.fetch.sent).toHaveLength(writeTries);
      const repeatable = failing(first);
      await repeatable.run(repeatable.transport.call(deactivate, { userId: '7' }, { repeatable: true }));
      expect(repeatable.fetch.sent).toHaveLength(readTries);
    }
  });

  it("ends with the caller's abort", async () => {
    const abort = new AbortController();
    const { transport } = make(() => ({ status: 503 }));
    const call = transport.call(getUser, { userId: '7' }, { signal: abort.signal });
    abort.abort();
    await expect(call).rejects.toMatchObject({ code: 'canceled' });
  });

  it('says what made it wait when its time is over', async () => {
    const { transport } = make(() => ({ status: 429, headers: { 'retry-after': '60' } }), {
      totalMs: 5,
      clock: systemClock,
    });
    await expect(transport.call(getUser, { userId: '7' })).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 60,
    });
  });

  it('pauses when Zitadel keeps failing', async () => {
    const { transport, fetch, run } = make(() => ({ status: 503 }), {
      breaker: createBreaker({ name: 'zitadel', failures: 3 }),
    });
    expect(await run(transport.call(getUser, { userId: '7' }))).toMatchObject({ code: 'circuit_open' });
    expect(fetch.sent).toHaveLength(3);
  });

  it('refuses a request over 4 MiB and an answer that is no object', async () => {
    const large = make(() => ({ json: {} }));
    const metadata = [{ key: 'k', value: 'x'.repeat(5_000_000) }];
    await expect(
      large.transport.call('zitadel.user.v2.UserService/SetUserMetadata', { userId: '7', metadata }),
    ).rejects.toMatchObject({ code: 'too_large' });
    expect(large.fetch.sent).toEqual([]);
    const list = make(() => ({ json: [1] }));
    await expect(list.transport.call(getUser, { userId: '7' })).rejects.toMatchObject({
      code: 'invalid_response',
    });
  });

  it('S32 keeps token and body of a garbage answer out of the error', async () => {
    const { transport } = make(() => new Response('token-1 is what you sent', { status: 200 }));
    const error = await transport
      .call(getUser, { userId: '7' })
      .catch((caught: unknown) => DrawbridgeError.from(caught));
    expect(error).toMatchObject({ code: 'invalid_response' });
    expect(inspect(error, { depth: 9 })).not.toContain('token-1');
  });

  it('REST goes to its path with its method', async () => {
    const { transport, fetch } = make(() => ({ json: { events: [] } }));
    await transport.rest('POST', '/admin/v1/events/_search', { limit: 5 });
    expect(fetch.sent[0]).toMatchObject({
      method: 'POST',
      path: '/admin/v1/events/_search',
      body: '{"limit":5}',
    });
  });
});
