import { useEffect, useMemo } from 'react';
import { type News, useCalmRows } from './calm-rows.ts';

/** The part of an infinite query that a list is made of. */
export interface ListQuery<T> {
  readonly data:
    | { readonly pages: readonly { readonly items: readonly T[]; readonly total?: number | null }[] }
    | undefined;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isError: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

export interface ListOptions<T> {
  /** Filter and order, as one text: a list of another one begins anew. */
  readonly list: string;
  readonly rowKey: (row: T) => string;
  /** Whether a row is one of those wanted, where the API cannot tell; absent where it can. */
  readonly keep?: ((row: T) => boolean) | undefined;
}

export interface List<T> {
  readonly rows: readonly T[];
  readonly news: News;
  /** Shows what has come and gone since. */
  readonly show: () => void;
  /** How many of the rows loaded the filter leaves out. */
  readonly leftOut: number;
  /** How many there are, where that is known. */
  readonly total: number | undefined;
}

/** So many rows fill any screen; until then pages are fetched by themselves where a filter leaves rows out. */
const enough = 60;
const mostPages = 10;

/** The rows of a list that stays calm while it is live, without those that the filter leaves out. */
export function useList<T>(query: ListQuery<T>, { list, rowKey, keep }: ListOptions<T>): List<T> {
  const { data, hasNextPage, isFetchingNextPage, isError, fetchNextPage } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is kept follows from the list's name
  const pages = useMemo(
    () => data?.pages.map(({ items }) => (keep ? items.filter(keep) : items)),
    [data, list],
  );
  const loaded = data?.pages.reduce((sum, { items }) => sum + items.length, 0) ?? 0;
  const kept = pages?.reduce((sum, page) => sum + page.length, 0) ?? 0;
  const wants =
    keep !== undefined &&
    hasNextPage &&
    !isFetchingNextPage &&
    !isError &&
    kept < enough &&
    (pages?.length ?? 0) < mostPages;
  useEffect(() => {
    if (wants) void fetchNextPage();
  }, [wants, fetchNextPage]);
  const calm = useCalmRows(pages, rowKey, list);
  const told = data?.pages[0]?.total ?? undefined;
  const counted = hasNextPage ? undefined : calm.rows.length;
  return { ...calm, leftOut: loaded - kept, total: keep ? counted : told };
}
