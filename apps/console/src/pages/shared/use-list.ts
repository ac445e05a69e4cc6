import { useMemo } from 'react';
import { type News, useCalmRows } from './calm-rows.ts';

/** The part of an infinite query that a list is made of. */
export interface ListQuery<T> {
  readonly data:
    | { readonly pages: readonly { readonly items: readonly T[]; readonly total?: number | null }[] }
    | undefined;
}

export interface ListOptions<T> {
  /** Filter and order, as one text: a list of another one begins anew. */
  readonly list: string;
  readonly rowKey: (row: T) => string;
}

export interface List<T> {
  readonly rows: readonly T[];
  readonly news: News;
  /** Shows what has come and gone since. */
  readonly show: () => void;
  /** How many there are, where that is known. */
  readonly total: number | undefined;
}

/** The rows of a list that stays calm while it is live. */
export function useList<T>({ data }: ListQuery<T>, { list, rowKey }: ListOptions<T>): List<T> {
  const pages = useMemo(() => data?.pages.map(({ items }) => items), [data]);
  const calm = useCalmRows(pages, rowKey, list);
  return { ...calm, total: data?.pages[0]?.total ?? undefined };
}
