import { newId } from '@drawbridge/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';

it('ids are 26 characters of base 32 and sort by the time they were made', () => {
  const time = fc.integer({ min: 0, max: 2 ** 47 });
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(time, time, bytes, bytes, (early, late, some, other) => {
      const first = newId({ now: () => early, bytes: () => some });
      const second = newId({ now: () => late, bytes: () => other });
      expect(first).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
      if (early < late) expect(first < second).toBe(true);
    }),
  );
});

it('two ids of one moment differ', () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => newId({ now: () => 0 })));
  expect(ids.size).toBe(10_000);
});
