import { useState } from 'react';
import { copy } from './copyable.tsx';
import { useKeys } from './keys.ts';
import type { Selection } from './selection.ts';

interface RowKeys<T> {
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  readonly selection?: Selection;
  readonly copyId?: (row: T) => string;
  readonly scrollTo: (index: number) => void;
}

/** j and k move, x selects, Shift X selects from the last one, Enter opens, y copies. @returns the active row's index */
export function useRowKeys<T>({ rows, rowKey, onOpen, selection, copyId, scrollTo }: RowKeys<T>): number {
  const [active, setActive] = useState(-1);
  const [marked, setMarked] = useState<number>();
  const row = rows[active];
  const move = (to: number) => {
    const next = Math.min(Math.max(to, 0), rows.length - 1);
    setActive(next);
    scrollTo(next);
  };
  useKeys({
    j: () => move(active + 1),
    k: () => move(active - 1),
    Enter: () => {
      if (row !== undefined) onOpen?.(row);
    },
    x: () => {
      if (row === undefined || !selection) return;
      selection.toggle(rowKey(row));
      setMarked(active);
    },
    'Shift+X': () => {
      if (row === undefined || !selection) return;
      const [from, to] = [Math.min(marked ?? active, active), Math.max(marked ?? active, active)];
      selection.add(rows.slice(from, to + 1).map(rowKey));
    },
    y: () => {
      if (row !== undefined) void copy(copyId?.(row) ?? rowKey(row), 'id');
    },
  });
  return active;
}
