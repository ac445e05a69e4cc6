import { DrawbridgeError } from '@drawbridge/kit';
import type { CallOptions } from '../transport/index.ts';

/** One page of a list. */
export interface Page<T> {
  /** What this page adds; items that an earlier page had are left out. */
  readonly items: readonly T[];
  /**
   * How many there are in all, as this page's answer says; 0 where it does not. Zitadel counts what the caller may not
   * read too, in every list but that of users.
   */
  readonly total: number;
}

/** A list that is read page by page while it is walked: `for await (const user of listing)`. */
export interface Listing<T> extends AsyncIterable<T> {
  /** The same, a page at a time. */
  pages(): AsyncIterable<Page<T>>;
  /** Everything at once, for lists known to be short. */
  all(): Promise<T[]>;
}

/** What every list takes. */
export interface ListOptions extends CallOptions {
  /** 2 to 1,000. Default 1,000. */
  readonly pageSize?: number;
}

/** Where a listing gets its pages. */
export interface ListingSource<T> {
  readonly read: (offset: number, limit: number) => Promise<Page<T>>;
  /** What tells one item from another. */
  readonly key: (item: T) => string;
  readonly pageSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const largestPage = 1_000;
/** How far a page reaches back into the one before. */
const overlapItems = 10;
/** How often in a row the reader goes back after items vanished, before it goes on without the link. */
const mostStepsBack = 8;

/**
 * Walks an offset-paged list that may change meanwhile. Zitadel has no snapshots: when an item that was already read is
 * deleted, everything behind it moves up, and the next offset would jump over one. So each page begins inside the one
 * before; if its last item is gone from there, the reader steps back until the two touch again. Memory holds the keys of
 * two pages. An item may come twice after massive deletions, but none that stays is missed.
 *
 * A short page is not the end, because Zitadel filters by permission after it cut the page; the total says when it is.
 */
export function createListing<T>(source: ListingSource<T>): Listing<T> {
  const limit = source.pageSize ?? largestPage;
  if (!Number.isInteger(limit) || limit < 2 || limit > largestPage) {
    throw new DrawbridgeError('invalid_request', {
      message: `A page has 2 to ${largestPage} items.`,
      saw: String(limit),
    });
  }
  const listing: Listing<T> = {
    pages: () => walk(source, limit),
    async *[Symbol.asyncIterator]() {
      for await (const page of listing.pages()) yield* page.items;
    },
    async all() {
      const items: T[] = [];
      for await (const page of listing.pages()) items.push(...page.items);
      return items;
    },
  };
  return listing;
}

async function* walk<T>(source: ListingSource<T>, limit: number): AsyncGenerator<Page<T>> {
  const overlap = Math.min(overlapItems, limit - 1);
  let offset = 0;
  let last = { keys: new Set<string>(), full: false, total: 0 };
  let beforeLast = new Set<string>();
  let stepsBack = 0;
  for (;;) {
    source.signal?.throwIfAborted();
    const page = await source.read(offset, limit);
    const keys = page.items.map(source.key);
    if (offset > 0 && stepsBack < mostStepsBack && mayHaveMissed(keys, page.total, last)) {
      stepsBack += 1;
      offset = Math.max(0, offset - overlapItems * 2 ** stepsBack);
      continue;
    }
    stepsBack = 0;
    const fresh = page.items.filter((item) => {
      const key = source.key(item);
      return !last.keys.has(key) && !beforeLast.has(key);
    });
    if (fresh.length > 0) yield { items: fresh, total: page.total };
    if (page.total === 0 ? keys.length < limit : offset + limit >= page.total) return;
    beforeLast = last.keys;
    last = { keys: new Set(keys), full: keys.length === limit, total: page.total };
    offset += limit - overlap;
  }
}

/**
 * Whether items may lie between the last page and this one. Pages that share an item touch. Where the last page was cut
 * by permissions its end is not known, and only a shrinking total tells.
 */
function mayHaveMissed(
  keys: readonly string[],
  total: number,
  last: { readonly keys: ReadonlySet<string>; readonly full: boolean; readonly total: number },
): boolean {
  if (keys.some((key) => last.keys.has(key))) return false;
  return last.full || total < last.total;
}
