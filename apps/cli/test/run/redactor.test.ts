import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/commands/run/redactor.ts';

/** What comes out, when the text comes in pieces cut at these places. */
function through(secrets: readonly string[], text: string, cuts: readonly number[] = []): string {
  const bytes = Buffer.from(text);
  const redactor = createRedactor(secrets);
  const places = [0, ...cuts.map((at) => at % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const out = places.slice(1).map((end, at) => redactor.push(bytes.subarray(places[at] ?? 0, end)));
  return Buffer.concat([...out, redactor.end()]).toString();
}

describe('what --redact takes out', () => {
  it('is every value, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 4, maxLength: 12, unit: 'grapheme' }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.array(fc.oneof(fc.nat({ max: 3 }), fc.string({ maxLength: 6 })), { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (secrets, parts, cuts) => {
          const text = parts
            .map((part) => (typeof part === 'number' ? (secrets[part] ?? '') : part))
            .join('');
          const out = through(secrets, text, cuts);
          // Nothing else may hold a secret once the replacement is looked past.
          for (const secret of secrets)
            for (const rest of out.split('[redacted]')) expect(rest.includes(secret)).toBe(false);
          expect(out).toBe(through(secrets, text));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves everything else as it was, to the byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(), { maxLength: 8 }), (bytes, cuts) => {
        const redactor = createRedactor(['a secret that is not in there']);
        const places = [
          0,
          ...cuts.map((at) => at % (bytes.length + 1)).toSorted((a, b) => a - b),
          bytes.length,
        ];
        const out = places
          .slice(1)
          .map((end, at) => redactor.push(Buffer.from(bytes.subarray(places[at] ?? 0, end))));
        expect(Buffer.concat([...out, redactor.end()])).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('takes the longer of two that begin alike, and the lines of one that has several', () => {
    expect(through(['pass', 'password-1'], 'password-1 pass passw', [4, 8])).toBe(
      '[redacted] [redacted] [redacted]w',
    );
    expect(through(['line one\nline two'], 'x line two y')).toBe('x [redacted] y');
  });

  it('holds back no prompt: only what may become a secret waits', () => {
    const redactor = createRedactor(['hunter2hunter2']);
    expect(redactor.push(Buffer.from('Password: ')).toString()).toBe('Password: ');
    expect(redactor.push(Buffer.from('hunt')).toString()).toBe('');
    expect(redactor.push(Buffer.from('ing')).toString()).toBe('hunting');
  });

  it('leaves texts of three letters and less, which are everywhere', () => {
    expect(through(['yes', '', 'a'], 'yes, a cat')).toBe('yes, a cat');
  });
});
