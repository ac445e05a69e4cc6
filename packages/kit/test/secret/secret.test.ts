import { format, inspect } from 'node:util';
import { createLogger, DrawbridgeError, Secret } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const value = fc
  .string({ minLength: 9, unit: 'grapheme-ascii' })
  .filter((text) => !'[redacted] {"token":"[redacted]"}'.includes(text));

describe('Secret', () => {
  it('S59 is redacted by its type in every way of printing it, however deep it lies', () => {
    fc.assert(
      fc.property(value, (text) => {
        const secret = new Secret(text);
        const deep = { a: [{ b: { token: secret } }] };
        const lines: string[] = [];
        createLogger({ destination: { write: (line) => lines.push(line) } }).info(deep as never, 'x');
        const printed = [
          `${asText(secret)}`,
          String(secret),
          Reflect.apply(secret[Symbol.toPrimitive], secret, []),
          JSON.stringify(deep),
          inspect(deep, { depth: 9, showHidden: true }),
          format('%s %o %j %d', secret, secret, secret, secret),
          lines.join(''),
          new DrawbridgeError('internal', { saw: `${asText(secret)}` }).saw,
          JSON.stringify(Object.assign({}, secret)),
        ];
        for (const output of printed) expect(output).not.toContain(text);
        expect(secret.expose()).toBe(text);
      }),
    );
  });

  it('stays one when something is derived from it', () => {
    expect(`${asText(new Secret('abc').map((text) => text.length))}`).toBe('[redacted]');
    expect(new Secret('abc').map((text) => text.length).expose()).toBe(3);
  });
});

/** A secret where the types were got around, as untyped code would. */
function asText(secret: Secret<unknown>): string {
  return secret as unknown as string;
}
