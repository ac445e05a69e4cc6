import { generateKeyPairSync } from 'node:crypto';
import { DrawbridgeError } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseApplicationKey, parseServiceAccount, personalAccessToken } from '../../src/index.ts';
import { keyFile, rsaPair } from '../support/keys.ts';

function refusalOf(text: string): DrawbridgeError {
  try {
    parseServiceAccount(text, '/keys/a.json');
  } catch (error) {
    if (error instanceof DrawbridgeError) return error;
  }
  throw new Error('it was accepted');
}

describe('parseServiceAccount', () => {
  it.each(['pkcs1', 'pkcs8'] as const)('takes a %s key', (type) => {
    const account = parseServiceAccount(
      keyFile({ key: rsaPair().privateKey.export({ type, format: 'pem' }) }),
    );
    expect(account).toMatchObject({ keyId: '310000000000000001', userId: '300000000000000001' });
    expect(account.expiresAt).toBe(Date.UTC(2030, 0, 1));
    expect(account.privateKey.expose().equals(rsaPair().privateKey)).toBe(true);
  });

  it('takes "never" and an absent expiry as none', () => {
    expect(
      parseServiceAccount(keyFile({ expirationDate: '9999-12-31T23:59:59Z' })).expiresAt,
    ).toBeUndefined();
    expect(parseServiceAccount(keyFile({ expirationDate: undefined })).expiresAt).toBeUndefined();
  });

  it.each([
    ['an application key', keyFile({ type: 'application', clientId: '1' }), /application/],
    ['a personal access token', 'gQ2Wk-x_9', /personal access token/],
    ['a bare PEM key', '-----BEGIN RSA PRIVATE KEY-----\nxyz', /bare PEM/],
    ['a Google key', '{"type":"service_account"}', /Google/],
    ['a JWK', '{"kty":"RSA"}', /JSON Web Key/],
    ['an empty file', ' \n', /empty/],
    ['a list', '[1]', /not an object/],
    ['no key id', keyFile({ keyId: '' }), /keyId/],
    ['no user id', keyFile({ userId: 7 }), /userId/],
    ['a broken key', keyFile({ key: 'nonsense' }), /PEM/],
    ['a broken date', keyFile({ expirationDate: 'soon' }), /expirationDate/],
  ])('says what is wrong with %s', (_, text, message) => {
    const error = refusalOf(text);
    expect(error.code).toBe('invalid_key_file');
    expect(error.message).toMatch(message);
    expect(error.where).toBe('/keys/a.json');
  });

  it('S8 refuses RSA under 2048 bits and other kinds of key', () => {
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const pem = { type: 'pkcs8', format: 'pem' } as const;
    expect(refusalOf(keyFile({ key: small.export(pem) })).message).toMatch(/1024 bits/);
    expect(refusalOf(keyFile({ key: curve.export(pem) })).message).toMatch(/ec, not RSA/);
  });

  it('S13 never repeats what the file holds', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), fc.boolean(), (secret, inside) => {
        const text = inside ? keyFile({ key: secret }) : secret;
        const error = refusalOf(text);
        const told = JSON.stringify([error.message, error.saw, error.why, error.fix, String(error.cause)]);
        expect(error.code).toBe('invalid_key_file');
        if (secret.trim().length >= 12)
          expect(told).not.toContain(JSON.stringify(secret.trim()).slice(1, -1));
      }),
    );
  });
});

describe('parseApplicationKey', () => {
  it('takes an application key and refuses a service account', () => {
    const text = keyFile({ type: 'application', clientId: '42', appId: '7' });
    expect(parseApplicationKey(text)).toMatchObject({ type: 'application', clientId: '42' });
    expect(() => parseApplicationKey(keyFile())).toThrow(/service account/);
  });
});

describe('personalAccessToken', () => {
  it('drops the newline that Zitadel writes and refuses what is no token', () => {
    expect(personalAccessToken('abc\n').token.expose()).toBe('abc');
    expect(() => personalAccessToken(' ')).toThrow(DrawbridgeError);
    expect(() => personalAccessToken('{"type":"serviceaccount"}')).toThrow(DrawbridgeError);
  });
});
