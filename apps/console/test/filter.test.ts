import fc from 'fast-check';
import { expect, it } from 'vitest';
import { filterQuery, matches, parseFilter, suggestFilters } from '../src/parts/filter.ts';

const options = { state: ['active', 'inactive_elsewhere', 'inactive'], actor: [], from: [], to: [] };
const query = (typed: string) => filterQuery(parseFilter(typed, options));

it.each<[string, Record<string, unknown>]>([
  ['', {}],
  ['ada  okafor', { q: 'ada okafor' }],
  ['state:Active ada', { q: 'ada', state: 'active' }],
  ['-state:active -state:inactive', { 'state!': ['active', 'inactive'] }],
  ['-contractor -temp n', { q: 'n', 'q!': ['contractor', 'temp'] }],
  ['actor:"Ada Okafor" -actor:271828', { actor: 'Ada Okafor', 'actor!': ['271828'] }],
  ['from:2026-11-22T09:00:00Z', { from: '2026-11-22T09:00:00.000Z' }],
  ['- state: -state: state:act', {}],
])('"%s" asks the API for %o', (typed, expected) => {
  expect(query(typed)).toEqual(expected);
});

it.each(['foo:bar', 'state:bogus', '-state:bogus', 'from:yesterday', '-from:2026-11-22'])(
  'says that a list knows no %s, and does not ask for it',
  (typed) => {
    const { unknown } = parseFilter(typed, options);
    expect(unknown).toEqual([typed]);
    expect(query(typed)).toEqual({});
  },
);

it('suggests what the last word may become, left out or not', () => {
  expect(suggestFilters('ada -sta', options)).toEqual([
    'ada -state:active',
    'ada -state:inactive_elsewhere',
    'ada -state:inactive',
  ]);
  expect(suggestFilters('act', options)).toEqual(['actor:']);
});

it('matches a row by the beginnings of its words, by whole values, and by what is left out', () => {
  const row = { words: 'Northwind Traders', named: { state: 'active' } };
  const fits = (typed: string) => matches(parseFilter(typed, options), row);
  expect(['', 'north', 'TRAD north', 'state:active', '-south'].map(fits)).toEqual(Array(5).fill(true));
  expect(['wind', 'state:inactive', '-trad', '-state:active'].map(fits)).toEqual(Array(4).fill(false));
});

it('loses no word that somebody types, whatever it is', () => {
  const word = fc.stringMatching(/^[a-z0-9@.]{1,12}$/);
  fc.assert(
    fc.property(fc.array(word), fc.array(word), (words, left) => {
      const asked = query([...words, ...left.map((one) => `-${one}`)].join(' '));
      expect(asked).toEqual({
        ...(words.length > 0 ? { q: words.join(' ') } : {}),
        ...(left.length > 0 ? { 'q!': left } : {}),
      });
    }),
  );
  fc.assert(
    fc.property(fc.string(), (typed) => {
      expect(() => query(typed)).not.toThrow();
    }),
  );
});
