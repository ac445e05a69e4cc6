import { createHmac, createPublicKey, createSign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InactiveReason } from '../../src/index.ts';
import { audience, curveKey, issuer, makeIssuer, smallRsaKey } from '../support/issuer.ts';
import { jwkOf, rsaPair } from '../support/keys.ts';

const part = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const refused = (reason: InactiveReason) => ({ active: false, reason });

describe('a JWT is refused without asking', () => {
  it('S1 for an algorithm that is not allowed: none, HS256 over the public key, another RSA one', async () => {
    const { verifier, sign, introspections } = makeIssuer();
    const good = await sign();
    const [, payload] = good.split('.');
    const none = `${part({ alg: 'none', kid: 'k1' })}.${payload}.${part('x')}`;
    const pem = createPublicKey(rsaPair().privateKey).export({ type: 'spki', format: 'pem' });
    const body = `${part({ alg: 'HS256', kid: 'k1' })}.${payload}`;
    const hmac = `${body}.${createHmac('sha256', pem).update(body).digest('base64url')}`;
    for (const token of [none, hmac, await sign({}, { alg: 'RS512' })]) {
      expect(await verifier.verify(token)).toEqual(refused('algorithm'));
    }
    expect(introspections()).toBe(0);
  });

  it('S1 S8 where key and algorithm do not fit, and for RSA under 2048 bits', async () => {
    const { verifier, state, sign } = makeIssuer({ algorithms: ['RS256', 'ES256'] });
    const small = smallRsaKey();
    state.keys = [
      jwkOf(rsaPair().privateKey, 'k1', 'RS512'),
      jwkOf(small, 'small'),
      jwkOf(curveKey('P-256'), 'ec', 'RS256'),
    ];
    const weak = createSign('sha256');
    const [, payload] = (await sign()).split('.');
    const body = `${part({ alg: 'RS256', kid: 'small' })}.${payload}`;
    const weakToken = `${body}.${weak.update(body).sign(small, 'base64url')}`;
    expect(await verifier.verify(weakToken)).toEqual(refused('unknown_key'));
    expect(await verifier.verify(await sign())).toEqual(refused('unknown_key'));
    expect(await verifier.verify(await sign({}, { kid: 'ec' }))).toEqual(refused('unknown_key'));
  });

  it('S8 takes P-256 and Ed25519 only where they are set', async () => {
    for (const [curve, alg] of [
      ['P-256', 'ES256'],
      ['ed25519', 'EdDSA'],
    ] as const) {
      const key = curveKey(curve);
      for (const [algorithms, active] of [
        [[alg], true],
        [['RS256'], false],
      ] as const) {
        const { verifier, state, sign } = makeIssuer({ algorithms });
        state.keys = [jwkOf(key, 'c', alg)];
        expect((await verifier.verify(await sign({}, { alg, kid: 'c' }, key))).active).toBe(active);
      }
    }
  });

  it("S2 whatever key its header offers: only the issuer's own count", async () => {
    const { verifier, sign, fetch } = makeIssuer();
    const other = curveKey('P-256');
    const token = await sign(
      {},
      { jku: 'https://evil.example/keys', x5u: 'https://evil.example/c', kid: 'k1' },
    );
    expect((await verifier.verify(token)).active).toBe(true);
    const forged = `${part({ alg: 'RS256', jwk: createPublicKey(other).export({ format: 'jwk' }) })}.${token.split('.')[1]}.${token.split('.')[2]}`;
    expect(await verifier.verify(forged)).toEqual(refused('unknown_key'));
    expect(fetch.sent.every(({ url }) => url.startsWith(issuer))).toBe(true);
  });

  it.each([`${issuer}/`, issuer.toUpperCase(), `${issuer}:443`, 'http://sso.acme.example', undefined, 7])(
    'S3 for the issuer %s',
    async (iss) => {
      const { verifier, sign } = makeIssuer();
      expect(await verifier.verify(await sign({ iss }))).toEqual(refused('issuer'));
    },
  );

  it('S4 for another audience; one string or several are the same', async () => {
    const { verifier, sign } = makeIssuer();
    for (const aud of ['other', ['5'], [], undefined, [[audience]], { audience }]) {
      expect(await verifier.verify(await sign({ aud }))).toEqual(refused('audience'));
    }
    for (const aud of [audience, ['5', audience]]) {
      expect((await verifier.verify(await sign({ aud }))).active).toBe(true);
    }
  });

  it('S5 for its times, with 60 s of tolerance and no more', async () => {
    const { verifier, sign, seconds } = makeIssuer();
    const at = (offset: number) => seconds() + offset;
    for (const [changes, reason] of [
      [{ exp: at(-60) }, 'expired'],
      [{ exp: undefined }, 'malformed'],
      [{ exp: 'tomorrow' }, 'malformed'],
      [{ nbf: at(61) }, 'not_yet_valid'],
      [{ iat: at(61) }, 'not_yet_valid'],
      [{ iat: 'now' }, 'not_yet_valid'],
    ] as const) {
      expect(await verifier.verify(await sign(changes))).toEqual(refused(reason));
    }
    expect((await verifier.verify(await sign({ nbf: at(60), iat: at(60) }))).active).toBe(true);
  });

  it('S6 when it is an id_token or something else than an access token', async () => {
    const { verifier, sign } = makeIssuer();
    for (const changes of [
      { azp: audience },
      { at_hash: 'x' },
      { nonce: 'x' },
      { jti: undefined },
      { nbf: undefined },
      { jti: undefined, nbf: undefined, azp: audience, at_hash: 'x' },
    ]) {
      expect(await verifier.verify(await sign(changes))).toEqual(refused('not_an_access_token'));
    }
    expect(await verifier.verify(await sign({}, { typ: 'logout+jwt' }))).toEqual(
      refused('not_an_access_token'),
    );
  });

  it('S7 when it is too large, has other than three parts, names a claim twice or is nested deep', async () => {
    const { verifier, sign, fetch } = makeIssuer();
    const good = await sign();
    const [header, , signature] = good.split('.');
    const twice = `{"iss":"${issuer}","aud":"x","\\u0061ud":"${audience}"}`;
    const deep = `{"a":${'['.repeat(40)}${']'.repeat(40)}}`;
    expect(await verifier.verify('x'.repeat(16_385))).toEqual(refused('too_large'));
    for (const token of [
      '',
      'a.b',
      'a.b.c.d.e',
      `${good}.x`,
      `${good} `,
      '..',
      `${header}.${part(twice)}.${signature}`,
      `${header}.${part(deep)}.${signature}`,
      `${header}.${part('[]')}.${signature}`,
      'täken',
    ]) {
      expect(await verifier.verify(token)).toEqual(refused('malformed'));
    }
    expect(fetch.sent).toEqual([]);
  });

  it('for a signature over something else', async () => {
    const { verifier, sign } = makeIssuer();
    const [header, , signature] = (await sign()).split('.');
    const [, payload] = (await sign({ sub: '8' })).split('.');
    expect(await verifier.verify(`${header}.${payload}.${signature}`)).toEqual(refused('signature'));
  });

  it('never fails on garbage, and never accepts it', async () => {
    const { verifier, state } = makeIssuer();
    state.introspect = () => ({ json: { active: false } });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc
            .tuple(fc.json(), fc.json(), fc.string())
            .map((parts) => parts.map((text) => part(text)).join('.')),
        ),
        async (token) => {
          expect((await verifier.verify(token)).active).toBe(false);
        },
      ),
    );
  });
});

describe('S9 an unknown key', () => {
  it('is looked up once, and not again for 30 s, whatever the ids', async () => {
    const { verifier, sign, clock, keyFetches } = makeIssuer();
    await verifier.verify(await sign());
    expect(keyFetches()).toBe(1);
    clock.advance(31_000);
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, index) => sign({}, { kid: `made-up-${index}` })),
    );
    for (const token of tokens) expect(await verifier.verify(token)).toEqual(refused('unknown_key'));
    expect(keyFetches()).toBe(2);
  });

  it('is found after a rotation', async () => {
    const { verifier, sign, clock, state, keyFetches } = makeIssuer();
    await verifier.verify(await sign());
    state.keys = [...state.keys, jwkOf(rsaPair().privateKey, 'k2')];
    clock.advance(31_000);
    expect((await verifier.verify(await sign({}, { kid: 'k2' }))).active).toBe(true);
    expect(keyFetches()).toBe(2);
  });

  it('S18 is an outage, not a no, while the keys cannot be fetched', async () => {
    const { verifier, sign, state, clock } = makeIssuer();
    state.jwks = () => ({ status: 503 });
    const token = await sign();
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unreachable' });
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'unreachable' });
    state.jwks = () => ({ json: { keys: state.keys } });
    clock.advance(30_000);
    expect((await verifier.verify(token)).active).toBe(true);
  });
});
