import { Popover } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { Button } from './button.tsx';
import type { Column } from './data-table.tsx';
import css from './parts.module.css';

/** Keys of hidden columns by page, as this browser keeps them. */
const hidden = new Map<string, readonly string[]>();
const listeners = new Set<() => void>();
const nameOf = (page: string) => `drawbridge-columns-${page}`;

function hiddenOn(page: string): readonly string[] {
  let keys = hidden.get(page);
  if (!keys) {
    keys = (localStorage.getItem(nameOf(page)) ?? '').split(' ').filter(Boolean);
    hidden.set(page, keys);
  }
  return keys;
}

function hide(page: string, keys: readonly string[]): void {
  hidden.set(page, keys);
  if (keys.length === 0) localStorage.removeItem(nameOf(page));
  else localStorage.setItem(nameOf(page), keys.join(' '));
  for (const listener of listeners) listener();
}

function useHidden(page: string): readonly string[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => hiddenOn(page),
  );
}

/** The columns of a page without those that a person has hidden there. The first one always stays: it names the row. */
export function useShownColumns<T>(page: string, columns: readonly Column<T>[]): readonly Column<T>[] {
  const keys = useHidden(page);
  return keys.length === 0 ? columns : columns.filter(({ key }, at) => at === 0 || !keys.includes(key));
}

/** Which columns of a page are shown; remembered by this browser. */
export function ColumnMenu<T>({
  page,
  columns,
}: {
  readonly page: string;
  readonly columns: readonly Column<T>[];
}) {
  const keys = useHidden(page);
  const count = columns.filter(({ key }) => keys.includes(key)).length;
  return (
    <Popover position="bottom-end" width={220} trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" className={css.columnsButton}>
          {count === 0 ? 'Columns' : `Columns, ${count} hidden`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={6} aria-label="Which columns are shown">
        {columns.slice(1).map(({ key, title }) => (
          <label key={key} className={css.menuItem}>
            <input
              type="checkbox"
              checked={!keys.includes(key)}
              onChange={({ currentTarget }) =>
                hide(page, currentTarget.checked ? keys.filter((one) => one !== key) : [...keys, key])
              }
            />{' '}
            {title}
          </label>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}
