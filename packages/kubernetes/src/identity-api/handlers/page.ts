import type { Cursor } from '../query/index.ts';
import { compareMoments, type Listed } from '../resources/index.ts';

/** Which part of a list is wanted. */
export interface PageRequest {
  /** 0 for everything. */
  readonly limit: number;
  readonly cursor: Cursor | undefined;
  readonly matches: (listed: Listed) => boolean;
}

/** A part of a list, and where the next one begins. */
export interface Page {
  readonly items: readonly Listed[];
  /** Undefined at the end. */
  readonly next: Cursor | undefined;
}

/**
 * Takes a page from a list in the order of creation. What is deleted between two pages moves nothing: the next begins at a moment, not
 * at a number.
 */
export async function takePage(
  source: AsyncIterable<Listed>,
  { limit, cursor, matches }: PageRequest,
): Promise<Page> {
  const had = new Set(cursor?.had);
  const items: Listed[] = [];
  for await (const listed of source) {
    if (!matches(listed)) continue;
    if (cursor !== undefined && wasHad(listed, cursor.at, had)) continue;
    // One more than wanted shows that there is more.
    if (limit > 0 && items.length === limit) return { items, next: cursorAfter(items, cursor) };
    items.push(listed);
  }
  return { items, next: undefined };
}

/** Of the moment that the page before ended in, some were had and some not. */
function wasHad({ createdAt, object }: Listed, at: string, had: ReadonlySet<string>): boolean {
  const order = compareMoments(createdAt, at);
  return order < 0 || (order === 0 && had.has(object.metadata.name));
}

function cursorAfter(items: readonly Listed[], before: Cursor | undefined): Cursor {
  const at = items.at(-1)?.createdAt ?? '';
  const sameMoment = items
    .filter(({ createdAt }) => createdAt === at)
    .map(({ object }) => object.metadata.name);
  return { at, had: [...(before?.at === at ? before.had : []), ...sameMoment] };
}
