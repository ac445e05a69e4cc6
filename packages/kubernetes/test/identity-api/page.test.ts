import fc from 'fast-check';
import { expect, it } from 'vitest';
import { takePage } from '../../src/identity-api/handlers/page.ts';
import { compareMoments } from '../../src/identity-api/resources/moments.ts';

const moment = fc.constantFrom(
  '2026-01-01T00:00:05Z',
  '2026-01-01T00:00:05.000001Z',
  '2026-01-01T00:00:05.5Z',
  '2026-01-01T00:00:05.50001Z',
  '2026-01-01T00:00:06Z',
);

function listed(createdAt: string, name: string) {
  return { createdAt, fields: {}, cells: () => [], object: { metadata: { name, uid: name } } };
}

it('moments are in order, however many digits they are written with', () => {
  const sorted = [
    '',
    '2026-01-01T00:00:05Z',
    '2026-01-01T00:00:05.000001Z',
    '2026-01-01T00:00:05.5Z',
    '2026-01-01T00:00:06Z',
  ];
  expect(sorted.toReversed().sort(compareMoments)).toEqual(sorted);
  expect(compareMoments('2026-01-01T00:00:05.5Z', '2026-01-01T00:00:05.500Z')).toBe(0);
});

it('pages together are the list, whether its source begins again or goes on where it was left', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(moment, { maxLength: 30 }),
      fc.integer({ min: 1, max: 7 }),
      fc.boolean(),
      async (moments, limit, goesOn) => {
        const all = moments
          .toSorted(compareMoments)
          .map((createdAt, at) => listed(createdAt, `n${String(at).padStart(2, '0')}`));
        async function* source(from: string | undefined) {
          for (const one of all)
            if (!goesOn || from === undefined || compareMoments(one.createdAt, from) >= 0) yield one;
        }
        const got: string[] = [];
        let cursor: Awaited<ReturnType<typeof takePage>>['next'];
        do {
          const page = await takePage(source(cursor?.at), { limit, cursor, matches: () => true });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          got.push(...page.items.map(({ object }) => object.metadata.name));
          cursor = page.next;
        } while (cursor !== undefined);
        expect(got).toEqual(all.map(({ object }) => object.metadata.name));
      },
    ),
  );
});
