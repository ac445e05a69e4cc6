import { useMemo, useState } from 'react';

/** What a live list would show, were it not for whoever reads it now. */
export interface News {
  /** Rows that came since. */
  readonly fresh: number;
  /** Rows that are no longer in the list. */
  readonly gone: ReadonlySet<string>;
  /** Whether rows would change places. */
  readonly moved: boolean;
}

interface Held<T> {
  /** The list's filter and order: another list begins anew. */
  readonly list: string;
  readonly pages: number;
  readonly rows: readonly T[];
}

/**
 * Rows that stay where they are while a list is live: those shown change in place, new ones wait until somebody wants
 * to see them. Pages that a person asks for are added below at once.
 */
export function useCalmRows<T>(
  pages: readonly (readonly T[])[] | undefined,
  rowKey: (row: T) => string,
  list: string,
): { readonly rows: readonly T[]; readonly news: News; readonly show: () => void } {
  const [held, setHeld] = useState<Held<T>>();
  const all = useMemo(() => pages?.flat() ?? [], [pages]);
  const begin: Held<T> = { list, pages: pages?.length ?? 0, rows: all };
  // Held in state, and brought up to date while drawing: what is drawn must never be a list that is over.
  if (pages && (held === undefined || held.list !== list || held.rows.length === 0)) {
    if (held?.list !== list || all.length > 0) setHeld(begin);
  } else if (pages && held && pages.length > held.pages) {
    const known = new Set(held.rows.map(rowKey));
    const more = pages.slice(held.pages).flatMap((page) => page.filter((row) => !known.has(rowKey(row))));
    setHeld({ list, pages: pages.length, rows: [...held.rows, ...more] });
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: how a row is named does not change
  const shown = useMemo(() => {
    const now = new Map(all.map((row) => [rowKey(row), row]));
    const base = held?.list === list && held.rows.length > 0 ? held.rows : all;
    const keys = base.map(rowKey);
    const stays = new Set(keys);
    const order = all.map(rowKey).filter((key) => stays.has(key));
    const gone = new Set(keys.filter((key) => !now.has(key)));
    const left = keys.filter((key) => !gone.has(key));
    return {
      rows: base.map((row) => now.get(rowKey(row)) ?? row),
      news: {
        fresh: all.length - order.length,
        gone,
        moved: left.some((key, at) => order[at] !== key),
      },
    };
  }, [all, held, list]);
  return { ...shown, show: () => setHeld(begin) };
}
