import {
  createReceiver,
  createSigningKeys,
  type ReceiverOptions,
  type ZitadelEvent,
} from '@drawbridge/events';
import { DrawbridgeError, ManualClock, Secret } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { event, instance } from '../support/events.ts';
import { bodyOf, bytes, sign, signingKey } from '../support/webhook.ts';

const now = Date.UTC(2026, 0, 1);

function setUp(changes: Partial<ReceiverOptions> = {}) {
  const clock = new ManualClock(now);
  const stored: ZitadelEvent[] = [];
  const inbox = {
    instance,
    record: async (events: readonly ZitadelEvent[]) => {
      stored.push(...events);
      return events;
    },
  };
  const receiver = createReceiver({ inbox, keys: [new Secret(signingKey)], clock, ...changes });
  const receive = (body: string, header: string | undefined = sign(body, clock.now())) =>
    receiver.receive(bytes(body), { 'zitadel-signature': header });
  return { receiver, receive, stored, clock };
}

describe('a receiver', () => {
  it('reads the body with its mixed keys', async () => {
    const { receive, stored } = setUp();
    const given = event({ payload: { reason: 'left', roles: [1, { deep: true }] } });
    expect(await receive(bodyOf(given))).toEqual({ outcome: 'stored', event: given });
    expect(stored).toEqual([given]);
  });

  it('S48 says of an event that it is known', async () => {
    const inbox = { instance, record: async () => [] };
    const { receive } = setUp({ inbox });
    expect(await receive(bodyOf(event()))).toMatchObject({ outcome: 'known' });
  });

  it('S47 stores nothing that is not signed', async () => {
    const { receive, stored } = setUp();
    expect(await receive(bodyOf(event()), sign('{}', now))).toEqual({
      outcome: 'refused',
      problem: 'signature_wrong',
    });
    expect(stored).toEqual([]);
  });

  it('S49 finds a rotated key by itself', async () => {
    const target = { key: 'first' };
    const clock = new ManualClock(now);
    const keys = createSigningKeys({ load: async () => new Secret(target.key), clock });
    const { receive } = setUp({ keys, clock });
    const body = bodyOf(event());
    expect(await receive(body, sign(body, now, 'first'))).toMatchObject({ outcome: 'stored' });
    target.key = 'second';
    clock.advance(30_000);
    expect(await receive(body, sign(body, now, 'second'))).toMatchObject({ outcome: 'stored' });
    expect(await receive(body, sign(body, now, 'first'))).toMatchObject({ outcome: 'stored' });
  });

  it('S47 refuses also while the present key cannot be looked up', async () => {
    const clock = new ManualClock(now);
    const zitadel = { away: false };
    const load = async () => {
      if (zitadel.away) throw new DrawbridgeError('unreachable');
      return new Secret(signingKey);
    };
    const { receive } = setUp({ keys: createSigningKeys({ load, clock }), clock });
    expect(await receive(bodyOf(event()))).toMatchObject({ outcome: 'stored' });
    zitadel.away = true;
    clock.advance(30_000);
    const forged = await receive(bodyOf(event()), sign(bodyOf(event()), clock.now(), 'forged'));
    expect(forged).toEqual({ outcome: 'refused', problem: 'signature_wrong' });
    expect(await receive(bodyOf(event()))).toMatchObject({ outcome: 'stored' });
  });

  it('S52 refuses an event of another instance, whoever signed it', async () => {
    const { receive, stored } = setUp();
    expect(await receive(bodyOf(event({ instance: '999' })))).toEqual({
      outcome: 'invalid',
      problem: 'foreign_instance',
    });
    expect(stored).toEqual([]);
  });

  it('S50 refuses what is too large, too deep or no event', async () => {
    const { receive, receiver } = setUp();
    const problem = async (body: string) => {
      const answer = await receive(body);
      return 'problem' in answer ? answer.problem : answer.outcome;
    };
    expect(await problem(' '.repeat(1024 * 1024 + 1))).toBe('too_large');
    expect(await problem(`{"a":${'['.repeat(40)}${']'.repeat(40)}}`)).toBe('too_deep');
    expect(await problem('{')).toBe('not_json');
    expect(await problem('eyJhbGciOiJSUzI1NiJ9.e30.c2ln')).toBe('not_json');
    expect(await problem('[]')).toBe('not_an_event');
    for (const changes of [
      { aggregateId: '' },
      { aggregateId: 'a\nb' },
      { sequence: 1.5 },
      { sequence: -1 },
      { type: 'user' },
      { type: 'user.*' },
    ])
      expect(await problem(bodyOf(event(changes)))).toBe('not_an_event');
    expect(await problem(bodyOf(event()).replace('2026', 'year'))).toBe('not_an_event');
    const latin1 = Uint8Array.of(0x7b, 0xe4, 0x7d);
    const unsigned = setUp({ unsigned: true }).receiver;
    expect(await unsigned.receive(latin1, {})).toEqual({ outcome: 'invalid', problem: 'not_utf8' });
    expect(receiver.unsigned).toBe(false);
  });

  it('takes password hashes, tokens and codes out before anything is stored', async () => {
    const { receive, stored } = setUp();
    const secret = 'must-not-be-seen';
    const crypted = { CryptoType: 0, Algorithm: 'aes', KeyID: 'k', Crypted: secret };
    await receive(
      bodyOf(event({ type: 'user.human.added' }), {
        userName: 'ada',
        encodedHash: secret,
        idpUser: 'eyJzdWIiOiIxIn0=',
        idpAccessToken: crypted,
        idpRefreshToken: crypted,
        idpIdToken: secret,
        nested: [{ code: crypted, anything: crypted, Secret: secret }],
      }),
    );
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect(stored[0]?.payload).toEqual({
      userName: 'ada',
      encodedHash: '[redacted]',
      idpUser: 'eyJzdWIiOiIxIn0=',
      idpAccessToken: '[redacted]',
      idpRefreshToken: '[redacted]',
      idpIdToken: '[redacted]',
      nested: [{ code: '[redacted]', anything: '[redacted]', Secret: '[redacted]' }],
    });
  });

  it('S51 does not say 2xx for what it could not store, and does not wait for ever', async () => {
    const failing = setUp({
      inbox: { instance, record: () => Promise.reject(new DrawbridgeError('database_unavailable')) },
    });
    await expect(failing.receive(bodyOf(event()))).rejects.toMatchObject({ code: 'webhook_not_stored' });
    const clock = new ManualClock(now);
    const hanging = setUp({ inbox: { instance, record: () => new Promise(() => undefined) }, clock });
    const answer = hanging.receive(bodyOf(event()), sign(bodyOf(event()), now));
    const seen = expect(answer).rejects.toMatchObject({ code: 'webhook_not_stored' });
    await expect.poll(() => clock.sleeping).toBeGreaterThan(0);
    clock.advance(900);
    await seen;
  });

  it('needs a key unless it is told to take unsigned calls', () => {
    for (const keys of [[], [new Secret('')]])
      expect(() => setUp({ keys })).toThrow(expect.objectContaining({ code: 'invalid_settings' }));
    expect(setUp({ keys: [], unsigned: true }).receiver.unsigned).toBe(true);
  });

  it('reads back whatever event Zitadel may write, and never breaks on anything else', async () => {
    const { receive } = setUp();
    const json = fc.jsonValue({ maxDepth: 4 });
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), json), json, async (payload, anything) => {
        expect(await receive(bodyOf(event(), payload))).toMatchObject({ outcome: 'stored' });
        const other = await receive(JSON.stringify(anything));
        expect(other.outcome).toBe('invalid');
        const mixed = await receive(
          JSON.stringify({ ...JSON.parse(bodyOf(event())), event_payload: anything }),
        );
        expect(['stored', 'invalid']).toContain(mixed.outcome);
      }),
    );
  });
});
