import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, bytesText } from '../../src/kube/reasons/index.ts';

describe('a quantity of memory', () => {
  it.each([
    ['0', 0],
    ['512Mi', 536_870_912],
    ['1.5Gi', 1_610_612_736],
    ['128974848', 128_974_848],
    ['129e6', 129_000_000],
    ['129M', 129_000_000],
    ['128974848000m', 128_974_848],
    ['1E', 1e18],
  ])('%s', (quantity, bytes) => {
    expect(bytesOf(quantity)).toBe(bytes);
  });

  it.each(['', 'Mi', '-1Mi', '1 Gi', '1mi', '0x10', 'plenty'])('takes %j for none', (quantity) => {
    expect(bytesOf(quantity)).toBeUndefined();
  });

  it('reads what it may be written as, and never fails', () => {
    fc.assert(fc.property(fc.nat(), (count) => bytesOf(`${count}Ki`) === count * 1_024));
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bytes = bytesOf(text);
        return bytes === undefined || bytes >= 0;
      }),
    );
  });

  it('is said in the words of people', () => {
    expect([bytesText(2 ** 31), bytesText(325_058_560)]).toEqual(['2.0 GiB', '310 MiB']);
  });
});
