import { inspect } from 'node:util';
import { Budget, DrawbridgeError, type LogFields, silentLogger } from '@drawbridge/kit';
import { NetbirdError } from '@drawbridge/netbird';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusal, standIn, token, userBody, whileWaiting } from '../support/stand-in.ts';

const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => DrawbridgeError.from(error).code,
  );

describe('calls of NetBird', () => {
  it('carry token, name and request id', async () => {
    const { netbird, sent } = standIn(() => []);
    await netbird.groups.list({ requestId: 'r1' });
    const { headers } = sent[0] ?? { headers: new Headers() };
    expect(headers.get('authorization')).toBe(`Token ${token}`);
    expect(headers.get('user-agent')).toBe('drawbridge');
    expect(headers.get('x-request-id')).toBe('r1');
  });

  it('take the server’s URL with or without /api, and no plain http beyond this machine', () => {
    const { netbird } = standIn(() => [], { url: 'https://netbird.acme.example/api/' });
    expect(netbird.url).toBe('https://netbird.acme.example');
    expect(() => standIn(() => [], { url: 'http://netbird.acme.example' })).toThrow(
      expect.objectContaining({ code: 'insecure_url' }),
    );
  });

  it('tell refusals apart by status and text', async () => {
    const refusals: readonly (readonly [number, string, string])[] = [
      [400, "couldn't parse json request", 'netbird_invalid_argument'],
      [400, 'group has been linked to user: 312', 'netbird_group_linked'],
      [401, 'token invalid', 'netbird_unauthenticated'],
      [403, 'permission denied', 'netbird_forbidden'],
      [403, 'user is blocked', 'netbird_unauthenticated'],
      [403, 'failed to validate user permissions: user is pending approval', 'netbird_unauthenticated'],
      [404, 'user: 312 not found', 'netbird_not_found'],
      [404, 'invalid token: pat: 7quet5vef5zf9v3be+ol= not found', 'netbird_unauthenticated'],
      [409, 'group with name x already exists', 'netbird_already_exists'],
      [409, "can't invite a user with an existing netbird account", 'user_exists_in_idp'],
      [412, 'idp manager must be enabled to send user invites', 'netbird_precondition'],
      [422, 'invalid user role', 'netbird_invalid_argument'],
    ];
    for (const [status, text, code] of refusals) {
      const { netbird } = standIn(() => refusal(status, text));
      expect(await codeOf(netbird.groups.list()), text).toBe(code);
    }
  });

  it('take nothing that a proxy wrote for NetBird’s word', async () => {
    const answers = [
      [404, 'netbird_unimplemented'],
      [403, 'netbird_forbidden'],
      [418, 'invalid_response'],
      [301, 'invalid_response'],
    ] as const;
    for (const [status, code] of answers) {
      const { netbird } = standIn(() => new Response('<html>', { status }));
      expect(await codeOf(netbird.users.remove('312')), String(status)).toBe(code);
    }
    const html = standIn(() => new Response('<html>', { status: 200 }));
    expect(await codeOf(html.netbird.groups.list())).toBe('invalid_response');
  });

  it('are tried again where a repeat is harmless, and only there', async () => {
    const flaky = () =>
      standIn((sent, count) =>
        count === 1 ? new Response('', { status: 503 }) : sent.method === 'GET' ? [] : {},
      );
    for (const call of [
      (setup: ReturnType<typeof flaky>) => setup.netbird.groups.list(),
      (setup: ReturnType<typeof flaky>) => setup.netbird.peers.remove('p1'),
    ]) {
      const setup = flaky();
      await whileWaiting<unknown>(setup.clock, call(setup));
      expect(setup.sent).toHaveLength(2);
    }
    const create = flaky();
    const made = create.netbird.users.create({ kind: 'service', role: 'user', name: 'x' });
    expect(await codeOf(whileWaiting(create.clock, made))).toBe('unreachable');
    expect(create.sent).toHaveLength(1);
  });

  it('wait by themselves after a 429, which says nothing of how long', async () => {
    const { netbird, sent, clock } = standIn((_, count) =>
      count === 1 ? refusal(429, 'too many requests') : userBody({ id: 'u1', is_service_user: true }),
    );
    const began = clock.now();
    await whileWaiting(clock, netbird.users.create({ kind: 'service', role: 'user', name: 'x' }));
    expect(sent).toHaveLength(2);
    expect(clock.now() - began).toBeGreaterThanOrEqual(10_000);
    const hinted = standIn(() => refusal(429, 'too many requests', { 'retry-after': '120' }));
    await expect(hinted.netbird.groups.list()).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 120,
    });
  });

  it('go through the budget, and end with the caller’s signal', async () => {
    const budget = new Budget({ perSecond: 1 });
    const { netbird } = standIn(() => [], { budget });
    await netbird.groups.list();
    const late = netbird.groups.list({ signal: AbortSignal.abort() });
    expect(await codeOf(late)).toBe('canceled');
    expect(budget.waiting).toBe(0);
  });

  it('S32 show the token in no error and no log line', async () => {
    const lines: unknown[] = [];
    const note = (fields: LogFields, message: string) => lines.push(fields, message);
    const logger = { ...silentLogger, debug: note, info: note, warn: note, error: note };
    for (const answer of [
      refusal(404, `invalid token: pat: ${token} not found`),
      new Response(token, { status: 500 }),
      new Response(`{"plain_token":"${token}"`, { status: 200 }),
    ]) {
      const { netbird, clock } = standIn(() => answer.clone() as Response, { logger });
      const error = await whileWaiting(clock, netbird.tokens.list('u1')).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(DrawbridgeError);
      expect(inspect(error, { depth: 9 }) + String((error as Error).stack)).not.toContain(token);
    }
    expect(inspect(lines, { depth: 9 })).not.toContain(token);
    expect(inspect(standIn(() => []).netbird, { depth: 9 })).not.toContain(token);
  });

  it('end in an error of ours whatever comes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom(200, 400, 404, 409, 500), async (body, status) => {
        const { netbird, clock } = standIn(() => Response.json(body, { status }));
        for (const call of [
          () => netbird.users.list(),
          () => netbird.users.remove('312'),
          () => netbird.groups.ensure(['x']),
          () => netbird.peers.list(),
          () => netbird.tokens.create('u', { name: 'x', days: 1 }),
          () => netbird.account.get(),
        ]) {
          const outcome = await whileWaiting<unknown>(clock, call()).catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(DrawbridgeError);
        }
      }),
      { numRuns: 60 },
    );
    expect(new NetbirdError('netbird_failed').name).toBe('NetbirdError');
  });
});
