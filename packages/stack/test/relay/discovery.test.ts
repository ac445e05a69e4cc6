import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDiscovery, relayPaths, requireKeySet } from '../../src/relay/discovery.ts';

const issuer = 'https://sso.acme.example';
const document = { issuer, jwks_uri: `${issuer}/oauth/v2/keys`, token_endpoint: `${issuer}/oauth/v2/token` };

describe('relayPaths', () => {
  it("honours the issuer's own path, without its last slash", () => {
    expect(relayPaths(issuer)).toEqual({
      discovery: '/.well-known/openid-configuration',
      keys: '/oauth/v2/keys',
    });
    expect(relayPaths(`${issuer}:8080/auth/realm/`).discovery).toBe(
      '/auth/realm/.well-known/openid-configuration',
    );
  });

  it.each(['?tenant=a', '#a', '/a*', '/:id', '/a//b', '/a%2fb'])('refuses an issuer with %s', (rest) => {
    expect(() => relayPaths(issuer + rest)).toThrow(/neither query nor fragment/);
  });
});

describe('readDiscovery', () => {
  it('changes jwks_uri and nothing else, whatever the document holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (more) => {
        // As it is after a parser has read it.
        const given = JSON.parse(JSON.stringify({ ...more, ...document })) as Record<string, unknown>;
        const served = readDiscovery(given, issuer).withKeysAt('https://relay:8443/oauth/v2/keys');
        expect(JSON.parse(served)).toEqual({ ...given, jwks_uri: 'https://relay:8443/oauth/v2/keys' });
      }),
    );
  });

  it.each([
    'https://sso.acme.example/',
    'https://SSO.acme.example',
    'https://sso.acme.example:443',
    'http://sso.acme.example',
  ])('S3 refuses %s for another issuer, byte for byte', (other) => {
    expect(() => readDiscovery({ ...document, issuer: other }, issuer)).toThrow(
      expect.objectContaining({ code: 'issuer_mismatch', saw: other }),
    );
  });

  it.each([undefined, 'nonsense', 'https://elsewhere.example/keys', 'http://sso.acme.example/keys'])(
    'refuses keys at %s, which is not the origin that was dialled',
    (jwksUri) => {
      expect(() => readDiscovery({ ...document, jwks_uri: jwksUri }, issuer)).toThrow(
        expect.objectContaining({ code: 'invalid_response' }),
      );
    },
  );

  it.each([undefined, null, 1, 'text', [], {}])('refuses %j', (value) => {
    expect(() => readDiscovery(value, issuer)).toThrow(expect.objectContaining({ code: 'invalid_response' }));
  });
});

describe('requireKeySet', () => {
  it('takes a set of keys, also an empty one', () => {
    expect(() => requireKeySet('{"keys":[{"kty":"RSA"}]}', 'here')).not.toThrow();
    expect(() => requireKeySet('{"keys":[]}', 'here')).not.toThrow();
  });

  it.each(['', '{', '[]', '{}', '{"keys":{}}', '{"keys":["a"]}', '{"keys":[{}]}'])('refuses %s', (text) => {
    expect(() => requireKeySet(text, 'here')).toThrow(expect.objectContaining({ code: 'invalid_response' }));
  });
});
