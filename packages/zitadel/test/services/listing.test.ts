import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createListing } from '../../src/services/listing.ts';

/** A list that changes between pages, read as Zitadel serves it. */
function source(
  items: string[],
  options: { hidden?: (item: string) => boolean; before?: (page: number) => void; pageSize?: number } = {},
) {
  let page = 0;
  const calls: number[] = [];
  const listing = createListing({
    key: (item: string) => item,
    pageSize: options.pageSize,
    read: async (offset, limit) => {
      options.before?.(page++);
      calls.push(offset);
      const rows = items.slice(offset, offset + limit);
      // The total is a window count: no rows, no total. What may not be seen is dropped after the page was cut.
      return {
        items: rows.filter((row) => !options.hidden?.(row)),
        total: rows.length > 0 ? items.length : 0,
      };
    },
  });
  return { listing, calls };
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`);

describe('a listing', () => {
  it.each([0, 1, 2, 19, 20, 21, 100])('reads %i items, each once', async (count) => {
    const { listing } = source(numbered(count), { pageSize: 20 });
    expect(await listing.all()).toEqual(numbered(count));
  });

  it('goes on after short pages, which permissions cut', async () => {
    const { listing } = source(numbered(100), {
      pageSize: 20,
      hidden: (item) => Number(item.slice(1)) % 40 < 30,
    });
    expect(await listing.all()).toEqual(numbered(100).filter((item) => Number(item.slice(1)) % 40 >= 30));
  });

  it('reads 100,000 items in little more than 100 pages, and holds two of them', async () => {
    const { listing, calls } = source(numbered(100_000));
    let seen = 0;
    for await (const page of listing.pages()) {
      expect(page.total).toBe(100_000);
      seen += page.items.length;
    }
    expect(seen).toBe(100_000);
    expect(calls.length).toBeLessThanOrEqual(102);
  });

  it('misses none that stays, whatever is added and removed meanwhile', async () => {
    const change = fc.record({
      page: fc.integer({ min: 1, max: 12 }),
      remove: fc.array(fc.integer({ min: 0, max: 119 }), { maxLength: 40 }),
      add: fc.integer({ min: 0, max: 10 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 6 }),
        fc.integer({ min: 2, max: 40 }),
        async (changes, pageSize) => {
          const items = numbered(120);
          const removed = new Set<string>();
          let added = 120;
          const { listing } = source(items, {
            pageSize,
            before: (page) => {
              for (const { remove, add } of changes.filter((one) => one.page === page)) {
                for (const index of remove) {
                  const at = items.indexOf(`u${index}`);
                  if (at >= 0) removed.add(...(items.splice(at, 1) as [string]));
                }
                for (let count = 0; count < add; count++) items.push(`u${added++}`);
              }
            },
          });
          const seen = new Set(await listing.all());
          for (const item of numbered(120)) if (!removed.has(item)) expect(seen).toContain(item);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('yields nothing twice while nothing is removed', async () => {
    const items = numbered(60);
    const { listing } = source(items, {
      pageSize: 7,
      before: (page) => page > 0 && page < 9 && items.push(`n${page}`),
    });
    const seen = await listing.all();
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('refuses a page size that Zitadel refuses', () => {
    for (const pageSize of [0, 1, 1_001, 2.5]) {
      expect(() => source([], { pageSize })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    }
  });

  it('stops at an abort between pages', async () => {
    const abort = new AbortController();
    const listing = createListing({
      key: String,
      pageSize: 2,
      signal: abort.signal,
      read: async (offset) => ({ items: [offset, offset + 1], total: 100 }),
    });
    await expect(async () => {
      for await (const item of listing) if (item > 3) abort.abort(new Error('enough'));
    }).rejects.toThrow('enough');
  });
});
