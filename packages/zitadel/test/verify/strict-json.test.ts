import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStrictObject } from '../../src/verify/strict-json.ts';

describe('parseStrictObject', () => {
  it('reads every object as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (value) => {
        const text = JSON.stringify(value);
        expect(parseStrictObject(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('S7 refuses a key that stands twice, at any depth and however it is escaped', () => {
    for (const text of [
      '{"a":1,"a":2}',
      '{"a":1,"\\u0061":2}',
      '{"b":[{"c":{"a":1,"b":2,"a":3}}]}',
      '{"a":"x,\\"a","b":{},"b":1}',
    ]) {
      expect(parseStrictObject(text)).toBeUndefined();
    }
    expect(parseStrictObject('{"a":{"a":{"a":["a","a",{"a":"{\\"a\\":1,\\"a\\":2}"}]}}}')).toBeDefined();
  });

  it('refuses what is no object', () => {
    for (const text of ['', '[]', 'null', '"a"', '{', '{"a":1}}'])
      expect(parseStrictObject(text)).toBeUndefined();
  });
});
