import { DrawbridgeError, errorRegistry, isErrorCode } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('DrawbridgeError', () => {
  it('takes message and advice from the registry unless it is told more', () => {
    const plain = new DrawbridgeError('unsupported_media_type');
    expect(plain.message).toBe(errorRegistry.unsupported_media_type.message);
    expect(plain.fix).toBe('Send application/json.');
    expect(new DrawbridgeError('not_found', { message: 'No such run.' }).message).toBe('No such run.');
  });

  it('turns whatever is caught into one of ours, once', () => {
    const own = new DrawbridgeError('conflict');
    expect(DrawbridgeError.from(own)).toBe(own);
    expect(DrawbridgeError.from(AbortSignal.abort().reason).code).toBe('canceled');
    expect(DrawbridgeError.from(new DOMException('late', 'TimeoutError')).code).toBe('timeout');
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const error = DrawbridgeError.from(thrown);
        expect(error.code).toBe('internal');
        expect(error.message).toBe(errorRegistry.internal.message);
      }),
    );
  });

  it('quotes foreign text cut and without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (saw) => {
        const quoted = new DrawbridgeError('invalid_response', { saw }).saw ?? '';
        expect(quoted.length).toBeLessThanOrEqual(401);
        expect(quoted).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('registry', () => {
  it('knows its codes and no inherited names', () => {
    expect(isErrorCode('not_found')).toBe(true);
    expect(isErrorCode('toString')).toBe(false);
  });

  it('gives every code a sentence, a status and an exit code that fit', () => {
    for (const [code, info] of Object.entries(errorRegistry)) {
      expect(info.message, code).toMatch(/^[A-Z].*\.$/);
      expect(info.status, code).toBeGreaterThanOrEqual(400);
      expect(info.status, code).toBeLessThan(600);
      expect([1, 2, 3, 4, 5], code).toContain(info.exit);
    }
  });
});
