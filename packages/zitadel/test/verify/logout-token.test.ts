import { generateKeyPairSync } from 'node:crypto';
import { ManualClock } from '@drawbridge/kit';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createLogoutVerifier } from '../../src/index.ts';
import { fakeFetch } from '../support/fetch.ts';
import { jwkOf, rsaPair } from '../support/keys.ts';

const issuer = 'https://sso.acme.example';
const event = 'http://schemas.openid.net/event/backchannel-logout';
const clock = new ManualClock();
const now = Math.floor(clock.now() / 1_000);
const good = {
  iss: issuer,
  aud: ['c1'],
  sub: '7',
  sid: 's1',
  jti: 'j1',
  iat: now,
  exp: now + 120,
  events: { [event]: {} },
};

function verifier(fetch = fakeFetch(() => ({ json: { keys: [jwkOf(rsaPair().privateKey, 'k1')] } }))) {
  return createLogoutVerifier({ issuer, fetch, clock });
}

async function sign(
  changes: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key = rsaPair().privateKey,
): Promise<string> {
  const claims = Object.fromEntries(
    Object.entries({ ...good, ...changes }).filter(([, value]) => value !== undefined),
  );
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'logout+jwt', ...header })
    .sign(key);
}

describe('a logout token', () => {
  it('says whose sessions end', async () => {
    expect(await verifier()(await sign(), ['c2', 'c1'])).toEqual({
      subject: '7',
      session: 's1',
      tokenId: 'j1',
      issuedAt: now * 1_000,
      expiresAt: (now + 120) * 1_000,
    });
    expect(await verifier()(await sign({ sub: undefined }), ['c1'])).not.toHaveProperty('subject');
    expect(await verifier()(await sign({ sid: undefined }, { typ: 'JWT' }), ['c1'])).not.toHaveProperty(
      'session',
    );
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['S3 of an issuer that is written otherwise', { iss: `${issuer}/` }],
    ['S4 for another application', { aud: ['c9'] }],
    ['without an audience', { aud: undefined }],
    ['S5 that has run out', { exp: now - 61 }],
    ['S5 without an end', { exp: undefined }],
    ['S5 from the future', { iat: now + 61 }],
    ['without a time', { iat: undefined }],
    ['that names nobody', { sub: undefined, sid: undefined }],
    ['without an id', { jti: undefined }],
    ['S6 with a nonce, as an id_token has', { nonce: 'n' }],
    ['S6 without the event', { events: undefined }],
    ['with another event', { events: { other: {} } }],
    ['whose event is no object', { events: { [event]: true } }],
    ['whose events are a list', { events: [event] }],
    ['S6 that says to be an access token', {}, { typ: 'at+jwt' }],
    ['signed with a key that nobody knows', {}, { kid: 'k9' }],
  ])('%s is not accepted', async (_name, changes, header) => {
    expect(await verifier()(await sign(changes, header), ['c1'])).toBeUndefined();
  });

  it('S2 signed by another key, or by none, is not accepted', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect(await verifier()(await sign({}, {}, other), ['c1'])).toBeUndefined();
    const [, payload] = (await sign()).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', kid: 'k1' })).toString('base64url');
    expect(await verifier()(`${none}.${payload}.AAAA`, ['c1'])).toBeUndefined();
  });

  it('is not told from anything else that is no such token', async () => {
    const check = verifier();
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 300 }), async (text) => {
        expect(await check(text, ['c1'])).toBeUndefined();
      }),
    );
  });

  it('that cannot be checked is an outage, not a no', async () => {
    const away = fakeFetch(() => ({ status: 503 }));
    await expect(verifier(away)(await sign(), ['c1'])).rejects.toMatchObject({ code: 'unreachable' });
  });
});
