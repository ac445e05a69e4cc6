import { isLoopback, parseAddress, requireSecureUrl } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const origin = 'https://sso.acme.example:8443';

describe('parseAddress', () => {
  it.each([
    ['zitadel', origin, 'zitadel', 8443],
    ['zitadel', 'https://sso.acme.example', 'zitadel', 443],
    ['zitadel', 'http://sso.acme.example', 'zitadel', 80],
    ['zitadel:443', origin, 'zitadel', 443],
    ['zitadel:80', 'http://a.example:8080', 'zitadel', 80],
    ['10.0.3.7:8443', 'https://a.example', '10.0.3.7', 8443],
    ['[::1]', origin, '::1', 8443],
    ['[fd00::1]:443', origin, 'fd00::1', 443],
    ['http://zitadel', origin, 'zitadel', 80],
    ['https://zitadel:443/', origin, 'zitadel', 443],
  ])('%s for %s is %s port %d', (address, from, host, port) => {
    expect(parseAddress(address, from)).toEqual({ host, port });
  });

  it.each([
    '',
    ':80',
    '::1',
    'host/path',
    'http://h/path',
    'u:p4ss@host',
    'host?x',
    'host:0',
    'host:99999',
    'a b',
  ])('refuses %j', (address) => {
    expect(() => parseAddress(address, origin)).toThrow(
      expect.objectContaining({ code: 'invalid_settings' }),
    );
  });

  it('reads back every host and port', () => {
    const host = fc.oneof(fc.domain(), fc.ipV4());
    fc.assert(
      fc.property(host, fc.integer({ min: 1, max: 65_535 }), (name, port) => {
        expect(parseAddress(`${name}:${port}`, origin)).toEqual({ host: name, port });
      }),
    );
  });
});

describe('requireSecureUrl', () => {
  it('takes https anywhere and http on loopback', () => {
    for (const url of [
      'https://a.example',
      'http://localhost:1',
      'http://x.localhost',
      'http://127.9.9.9',
      'http://[::1]:3',
    ]) {
      expect(requireSecureUrl(url).href).toContain(url);
    }
    expect(requireSecureUrl('http://a.example', { allowInsecure: true }).host).toBe('a.example');
  });

  it('refuses http elsewhere, lookalikes of loopback included', () => {
    for (const url of [
      'http://a.example',
      'http://127.0.0.1.nip.example',
      'http://localhost.example',
      'http://10.0.0.1',
    ]) {
      expect(() => requireSecureUrl(url)).toThrow(expect.objectContaining({ code: 'insecure_url' }));
      expect(isLoopback(new URL(url))).toBe(false);
    }
  });

  it('refuses other schemes and embedded passwords, which it does not repeat', () => {
    expect(() => requireSecureUrl('ftp://a.example')).toThrow(
      expect.objectContaining({ code: 'invalid_settings' }),
    );
    const refused = expect.objectContaining({
      code: 'invalid_settings',
      where: 'https://a.example',
      saw: undefined,
    });
    expect(() => requireSecureUrl('https://user:p4ss@a.example')).toThrow(refused);
  });
});
