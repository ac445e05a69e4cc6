import { inspect } from 'node:util';
import { DrawbridgeError } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseApplicationKey, parseServiceAccount } from '../../src/index.ts';
import { keyFile } from '../support/keys.ts';

const marker = 'PRIVATE-MARKER';

/** Texts that are nearly a key file: fields replaced, dropped or added, the text cut or broken. */
function nearlyKeyFiles(type: string) {
  const good = JSON.parse(keyFile({ type, clientId: '1', appId: '2' })) as Record<string, unknown>;
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constant(marker),
    fc.constant(`-----BEGIN RSA PRIVATE KEY-----\n${marker}`),
  );
  return fc.oneof(
    fc.string().map((text) => `${marker}${text}`),
    fc
      .tuple(fc.constantFrom(...Object.keys(good)), value)
      .map(([name, changed]) => JSON.stringify({ ...good, [name]: changed })),
    fc.constantFrom(...Object.keys(good)).map((name) => JSON.stringify({ ...good, [name]: undefined })),
    fc.nat(2_000).map((length) => JSON.stringify(good).slice(0, length)),
  );
}

describe.each([
  ['service account', 'serviceaccount', parseServiceAccount],
  ['application', 'application', parseApplicationKey],
] as const)('S13 whatever stands in the key file of a %s', (_name, type, parse) => {
  it('is a key or is refused with a reason, and is never repeated', () => {
    fc.assert(
      fc.property(nearlyKeyFiles(type), (text) => {
        try {
          const key = parse(text, '/etc/key.json');
          expect(key.privateKey.expose().asymmetricKeyType).toBe('rsa');
          expect(inspect(key, { depth: 9 })).not.toContain('BEGIN RSA');
        } catch (error) {
          expect(error).toBeInstanceOf(DrawbridgeError);
          expect(error).toMatchObject({ code: 'invalid_key_file', where: '/etc/key.json' });
          expect(inspect(error, { depth: 9 })).not.toMatch(/PRIVATE-MARKER|BEGIN RSA/);
        }
      }),
      { numRuns: 300 },
    );
  });
});
