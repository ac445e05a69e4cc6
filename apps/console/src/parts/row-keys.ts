import { useState } from 'react';
import { copy } from './copyable.tsx';
import { useKept } from './kept.ts';
import { useKeys } from './keys.ts';
import type { Selection } from './selection.ts';

interface RowKeys<T> {
  /** Name of the list. */
  readonly label: string;
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly onOpen?: (row: T) => void;
  readonly selection?: Selection;
  readonly copyId?: (row: T) => string;
  readonly scrollTo: (index: number) => void;
}

/**
 * j and k move, x selects, Shift X selects from the last one, Enter opens, y copies. The active row is kept by its key,
 * so that rows that come and go never put another one under the next press.
 *
 * @returns the active row's index; -1 where there is none
 */
export function useRowKeys<T>(list: RowKeys<T>): number {
  const { label, rows, rowKey, onOpen, selection, copyId, scrollTo } = list;
  const [activeKey, setActiveKey] = useKept<string | undefined>(`active ${label}`, undefined);
  const [markedKey, setMarkedKey] = useState<string>();
  const indexOf = (key: string | undefined) =>
    key === undefined ? -1 : rows.findIndex((one) => rowKey(one) === key);
  const active = indexOf(activeKey);
  const row = rows[active];
  const move = (to: number) => {
    const next = Math.min(Math.max(to, 0), rows.length - 1);
    const target = rows[next];
    if (target === undefined) return;
    setActiveKey(() => rowKey(target));
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
      setMarkedKey(activeKey);
    },
    'Shift+X': () => {
      if (row === undefined || !selection) return;
      const marked = indexOf(markedKey);
      const [from, to] = marked < 0 ? [active, active] : [Math.min(marked, active), Math.max(marked, active)];
      selection.add(rows.slice(from, to + 1).map(rowKey));
    },
    y: () => {
      if (row !== undefined) void copy(copyId?.(row) ?? rowKey(row), 'id');
    },
  });
  return active;
}
