import { randomBytes } from 'node:crypto';
import { createLogger, Secret } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer, isSealed, secretKeysOf } from '../../src/sealing/index.ts';

const key = () => new Secret(randomBytes(32).toString('base64'));
const place = { purpose: 'web_sessions.tokens', row: 'r1' };

describe('a sealer', () => {
  const sealer = createSealer({ keys: [key()] });

  it('opens what it sealed, whatever it was, and never repeats itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (text, purpose, row) => {
        const sealed = sealer.seal(new Secret(text), { purpose, row });
        expect(isSealed(sealed)).toBe(true);
        expect(sealed).toMatch(/^sealed:v1:[\w-]+:[\w-]+:[\w-]+$/);
        expect(sealer.open(sealed, { purpose, row }).expose()).toBe(text.toWellFormed());
        expect(sealer.seal(new Secret(text), { purpose, row })).not.toBe(sealed);
      }),
    );
  });

  it('opens nothing that was moved to another row or column', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (purpose, row, purpose2, row2) => {
        fc.pre(purpose !== purpose2 || row !== row2);
        const sealed = sealer.seal(new Secret('x'), { purpose, row });
        expect(() => sealer.open(sealed, { purpose: purpose2, row: row2 })).toThrow(/cannot be opened/);
      }),
    );
  });

  it('opens nothing that was changed in a single character', () => {
    const sealed = sealer.seal(new Secret('some secret'), place);
    fc.assert(
      fc.property(
        fc.nat(sealed.length - 1),
        fc.constantFrom('A', 'Z', 'a', 'z', '0', '9', '-', '_', ':'),
        (at, letter) => {
          fc.pre(sealed[at] !== letter);
          const changed = sealed.slice(0, at) + letter + sealed.slice(at + 1);
          expect(() => sealer.open(changed, place)).toThrow(/cannot be opened/);
        },
      ),
    );
  });

  it('refuses any text that it did not make, without repeating it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => sealer.open(text, place)).toThrow(expect.objectContaining({ code: 'seal_broken' }));
      }),
    );
  });

  it('is given a new key while the former still opens what it sealed', () => {
    const [former, present] = [key(), key()];
    const old = createSealer({ keys: [former] }).seal(new Secret('x'), place);
    const both = createSealer({ keys: [present, former] });
    expect(both.open(old, place).expose()).toBe('x');
    expect(both.needsReseal(old)).toBe(true);
    const renewed = both.seal(both.open(old, place), place);
    expect(both.needsReseal(renewed)).toBe(false);
    const later = createSealer({ keys: [present] });
    expect(later.open(renewed, place).expose()).toBe('x');
    expect(() => later.open(old, place)).toThrow(expect.objectContaining({ code: 'seal_broken' }));
  });

  it('has a passing key where none is given, says so once, and refuses what has to last', () => {
    const lines: string[] = [];
    const passing = createSealer({
      keys: [],
      logger: createLogger({ destination: { write: (line) => void lines.push(line) } }),
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('DRAWBRIDGE_SECRET_KEY');
    expect(passing.open(passing.seal(new Secret('x'), place), place).expose()).toBe('x');
    expect(() => passing.requireLasting()).toThrow(expect.objectContaining({ code: 'invalid_settings' }));
    expect(() => sealer.requireLasting()).not.toThrow();
  });
});

describe('the keys', () => {
  it.each([
    '',
    'short',
    'é'.repeat(32),
    randomBytes(31).toString('base64'),
    randomBytes(33).toString('base64'),
  ])('are 32 bytes, not %j', (text) => {
    expect(() => createSealer({ keys: [new Secret(text)] })).toThrow(/base64 of 32 bytes/);
  });

  it('come from the environment, the present one first', () => {
    const env = { DRAWBRIDGE_SECRET_KEY: ' a ', DRAWBRIDGE_SECRET_KEY_PREVIOUS: 'b, c,' };
    expect(secretKeysOf({ env }).map((secret) => secret.expose())).toEqual(['a', 'b', 'c']);
    expect(secretKeysOf({ env: {} })).toEqual([]);
    expect(secretKeysOf({ env, secretKeys: [] })).toEqual([]);
    expect(() => secretKeysOf({ env: { DRAWBRIDGE_SECRET_KEY_PREVIOUS: 'b' } })).toThrow(/without/);
  });
});
