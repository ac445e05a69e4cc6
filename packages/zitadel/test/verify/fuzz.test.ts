import { DrawbridgeError } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeIssuer } from '../support/issuer.ts';
import { jwkOf, rsaPair } from '../support/keys.ts';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('whatever comes as a token', () => {
  it('is refused or asked about, never accepted by itself and never a crash', async () => {
    const issuer = makeIssuer();
    issuer.state.introspect = () => ({ json: { active: false } });
    const part = fc.oneof(
      fc.string(),
      fc.jsonValue().map(base64url),
      fc.record({ alg: fc.constantFrom('RS256', 'none', 'HS256'), kid: fc.string() }).map(base64url),
    );
    const token = fc.oneof(
      fc.string(),
      fc.tuple(part, part, part).map((parts) => parts.join('.')),
      fc.string({ minLength: 17_000, maxLength: 17_100 }),
    );
    await fc.assert(
      fc.asyncProperty(token, async (text) => {
        expect(await issuer.verifier.verify(text)).toMatchObject({ active: false });
      }),
      { numRuns: 300 },
    );
  });

  it('a token whose text was changed anywhere is refused', async () => {
    const issuer = makeIssuer();
    const good = await issuer.sign();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(good.length - 1),
        fc.constantFrom('A', 'z', '_', '.', '"', '\u0000'),
        async (at, char) => {
          const changed = good.slice(0, at) + char + good.slice(at + 1);
          const signature = good.lastIndexOf('.');
          // The last character of base64 holds bits that mean nothing.
          fc.pre(changed !== good && at !== good.length - 1 && at !== signature - 1);
          expect(await issuer.verifier.verify(changed)).toMatchObject({ active: false });
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('whatever the issuer serves as its keys', () => {
  it('brings a refusal or an error of ours, and only a real key verifies', async () => {
    const real = jwkOf(rsaPair().privateKey, 'k1');
    const jwk = fc.oneof(
      fc.jsonValue(),
      fc
        .tuple(fc.constantFrom(...Object.keys(real)), fc.jsonValue())
        .filter(([name, value]) => JSON.stringify(real[name]) !== JSON.stringify(value))
        .map(([name, value]) => ({ ...real, [name]: value })),
    );
    const keys = fc.oneof(
      fc.jsonValue(),
      fc.array(jwk, { maxLength: 3 }).map((list) => ({ keys: list })),
    );
    await fc.assert(
      fc.asyncProperty(keys, async (json) => {
        const issuer = makeIssuer();
        issuer.state.jwks = () => ({ json });
        const result = await issuer.verifier.verify(await issuer.sign()).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toBeInstanceOf(DrawbridgeError);
        else if ((result as { active: boolean }).active) {
          // Nothing but what does not matter to the signature was changed.
          expect(JSON.stringify(json)).toContain(String(real.n));
        }
      }),
      { numRuns: 200 },
    );
  });
});
