import { ManualClock, Secret } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createContinueTokens,
  matchesFields,
  parseFieldSelector,
  parseLabelSelector,
} from '../../src/identity-api/query/index.ts';

const labelKey = fc.constantFrom('a', 'b', 'example.com/c', 'tier');
const labelValue = fc.constantFrom('', 'x', 'y', '7', '12');
const labels = fc.dictionary(labelKey, labelValue, { noNullPrototype: true });

describe('label selectors', () => {
  it('mean what Kubernetes says that they mean', () => {
    fc.assert(
      fc.property(labels, labelKey, fc.uniqueArray(labelValue, { minLength: 1 }), (object, key, values) => {
        const [first = ''] = values;
        const is = (selector: string) => parseLabelSelector(selector)(object);
        const own = object[key];
        expect(is(`${key}=${first}`)).toBe(own === first);
        expect(is(`${key}==${first}`)).toBe(own === first);
        // Where the key is absent, it is not that value either.
        expect(is(`${key}!=${first}`)).toBe(own !== first);
        expect(is(`${key} in (${values.join(', ')})`)).toBe(own !== undefined && values.includes(own));
        expect(is(`${key} notin (${values.join(',')})`)).toBe(own === undefined || !values.includes(own));
        expect(is(key)).toBe(own !== undefined);
        expect(is(`!${key}`)).toBe(own === undefined);
        expect(is(`${key}>7`)).toBe(own === '12');
        expect(is(`${key}<12`)).toBe(own === '7');
        expect(is(`${key},!${key}`)).toBe(false);
        expect(is('')).toBe(true);
      }),
    );
  });

  it.each([
    'a=b=c',
    'a in b',
    'a in (b',
    '=b',
    'a b',
    'a>x',
    '!',
    ',',
    '-a',
    'a=(b)',
    'x/y/z=1',
    `${'a'.repeat(64)}`,
  ])('refuse %j', (selector) => {
    expect(() => parseLabelSelector(selector)).toThrow(/^unable to parse requirement: /);
  });

  it('answer quickly whatever they are', () => {
    fc.assert(
      fc.property(
        fc.string({
          maxLength: 4_000,
          unit: fc.constantFrom('a', '-', '.', '/', ' ', '(', ')', ',', '!', '='),
        }),
        (text) => {
          const began = performance.now();
          try {
            parseLabelSelector(text)({});
          } catch (error) {
            expect(error).toMatchObject({ code: 'invalid_request' });
          }
          expect(performance.now() - began).toBeLessThan(500);
        },
      ),
    );
  });
});

describe('field selectors', () => {
  const known = ['metadata.name', 'status.userUID'];
  const escaped = (text: string) => text.replaceAll(/[\\,=]/g, '\\$&');

  it('give back the values that were escaped into them', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.boolean(), (name, user, equal) => {
        const sign = equal ? '=' : '!=';
        const terms = parseFieldSelector(
          `metadata.name${sign}${escaped(name)},status.userUID==${escaped(user)}`,
          known,
        );
        expect(terms).toEqual([
          { field: 'metadata.name', operator: sign, value: name },
          { field: 'status.userUID', operator: '=', value: user },
        ]);
        expect(matchesFields(terms, (field) => (field === 'metadata.name' ? name : user))).toBe(equal);
      }),
    );
  });

  it.each([
    ['spec.x=1', 'field label not supported: spec.x'],
    ['metadata.name', "can't understand 'metadata.name'"],
    ['metadata.name in (a)', "can't understand"],
  ])('refuse %j', (selector, message) => {
    expect(() => parseFieldSelector(selector, known)).toThrow(message);
  });

  it('never fail otherwise', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '=', '!', ',', '\\', '.') }), (text) => {
        try {
          parseFieldSelector(text, known);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_request' });
        }
      }),
    );
  });
});

describe('continue tokens', () => {
  const clock = new ManualClock();
  const tokens = createContinueTokens({ key: new Secret('k'), clock });

  it('bring back where a list goes on, for whom it was made, and nobody else', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), fc.string(), fc.string(), (at, had, bound, other) => {
        const token = tokens.write({ at, had }, bound);
        expect(token).toMatch(/^[\w.-]+$/);
        expect(tokens.read(token, bound)).toEqual({ at, had });
        if (other !== bound) expect(() => tokens.read(token, other)).toThrow('continue key is not valid');
      }),
    );
  });

  it('are not to be changed or made up', () => {
    const token = tokens.write({ at: 'now', had: ['a'] }, 'bound');
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom('A', 'b', '7', '.', '_'), (at, char) => {
        const changed = token.slice(0, at) + char + token.slice(at + 1);
        if (
          changed !== token &&
          Buffer.from(changed.split('.')[1] ?? '', 'base64url').compare(
            Buffer.from(token.split('.')[1] ?? '', 'base64url'),
          ) !== 0
        )
          expect(() => tokens.read(changed, 'bound')).toThrow('continue key is not valid');
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(() => tokens.read(text, 'bound')).toThrow('continue key is not valid');
      }),
    );
    const other = createContinueTokens({ key: new Secret('other'), clock });
    expect(() => other.read(token, 'bound')).toThrow('continue key is not valid');
  });
});
