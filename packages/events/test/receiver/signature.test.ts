import { checkSignature, createSigningKeys } from '@drawbridge/events';
import { ManualClock, Secret } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, digest, sign, signingKey } from '../support/webhook.ts';

const now = Date.UTC(2026, 0, 1);
const keys = [new Secret(signingKey)];
const check = (body: string, header: string | readonly string[] | undefined, at = now, accepted = keys) =>
  checkSignature({ body: bytes(body), header, keys: accepted, now: at });

describe('the signature of a webhook', () => {
  it('S47 is right for the raw bytes and wrong for any other', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (body, other) => {
        fc.pre(body !== other);
        const header = sign(body, now);
        expect(check(body, header)).toBeUndefined();
        expect(check(other, header)).toBe('signature_wrong');
      }),
    );
  });

  it('S47 lives 300 s and may be 30 s ahead', () => {
    const header = sign('{}', now);
    expect(check('{}', header, now + 300_000)).toBeUndefined();
    expect(check('{}', header, now + 300_001)).toBe('too_old');
    expect(check('{}', header, now - 30_000)).toBeUndefined();
    expect(check('{}', header, now - 30_001)).toBe('in_future');
  });

  it('S47 covers the time: a newer one needs a new signature', () => {
    const seconds = now / 1_000;
    expect(check('{}', `t=${seconds + 300},v1=${digest('{}', seconds)}`)).toBe('signature_wrong');
  });

  it('S49 passes with any of the accepted keys, and with any of several digests', () => {
    const both = [new Secret('old'), new Secret('new')];
    const seconds = now / 1_000;
    expect(check('{}', sign('{}', now, 'old'), now, both)).toBeUndefined();
    expect(check('{}', sign('{}', now, 'new'), now, both)).toBeUndefined();
    expect(check('{}', sign('{}', now, 'other'), now, both)).toBe('signature_wrong');
    const twice = `t=${seconds},v1=${digest('{}', seconds, 'gone')},v1=${digest('{}', seconds, 'new')}`;
    expect(check('{}', twice, now, both)).toBeUndefined();
    expect(check('{}', sign('{}', now), now, [])).toBe('signature_wrong');
  });

  it('ignores parts of other names and refuses what is not of the form', () => {
    const seconds = now / 1_000;
    const good = `v1=${digest('{}', seconds)}`;
    expect(check('{}', `v0=aa, t=${seconds} ,${good},x`)).toBeUndefined();
    expect(check('{}', undefined)).toBe('signature_missing');
    expect(check('{}', '')).toBe('signature_missing');
    for (const header of [
      good,
      `t=${seconds}`,
      `t=${seconds},t=${seconds},${good}`,
      `t=1e9,${good}`,
      `t=${seconds},v1=${'A'.repeat(64)}`,
      `t=${seconds},v1=abc`,
      `t=${seconds},${`${good},`.repeat(17)}`,
      `t=${seconds},${good}${' '.repeat(5_000)}`,
    ])
      expect(check('{}', header)).toBe('signature_malformed');
    expect(check('{}', [sign('{}', now), sign('{}', now)])).toBe('signature_malformed');
  });

  it('S47 never passes or throws on a header that is made up', () => {
    const part = fc.oneof(fc.string(), fc.constantFrom('t=', 'v1=', 't=1767225600', `v1=${'0'.repeat(64)}`));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(check('{}', parts.join(','))).toBeDefined();
      }),
    );
  });
});

describe('signing keys', () => {
  const setUp = () => {
    const clock = new ManualClock(now);
    const target = { key: 'first', loads: 0 };
    const load = async () => {
      target.loads += 1;
      return new Secret(target.key);
    };
    const signing = createSigningKeys({ load, clock, overlapMs: 600_000, cooldownMs: 30_000 });
    const accepted = async () => (await signing.accepted()).map((key) => key.expose());
    return { clock, target, signing, accepted };
  };

  it('S49 accept the replaced key beside the new one for a while', async () => {
    const { clock, target, signing, accepted } = setUp();
    expect(await accepted()).toEqual(['first']);
    target.key = 'second';
    clock.advance(30_000);
    expect(await signing.refresh()).toBe(true);
    expect(await accepted()).toEqual(['second', 'first']);
    clock.advance(600_001);
    expect(await accepted()).toEqual(['second']);
  });

  it('are looked up at most every 30 s, however many forged calls come', async () => {
    const { clock, target, signing, accepted } = setUp();
    await Promise.all([accepted(), accepted()]);
    for (let at = 0; at < 100; at++) expect(await signing.refresh()).toBe(false);
    expect(target.loads).toBe(1);
    clock.advance(30_000);
    expect(await signing.refresh()).toBe(false);
    expect(target.loads).toBe(2);
  });

  it('may not be empty', async () => {
    const signing = createSigningKeys({ load: async () => new Secret('') });
    await expect(signing.accepted()).rejects.toMatchObject({ code: 'invalid_settings' });
  });
});
