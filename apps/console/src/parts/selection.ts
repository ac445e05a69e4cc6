import { useMemo } from 'react';
import { useKept } from './kept.ts';

/** Rows that a person chose, by key. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly count: number;
  has(key: string): boolean;
  toggle(key: string): void;
  /** Chooses all of these, or none if all were chosen. */
  toggleAll(keys: readonly string[]): void;
  add(keys: readonly string[]): void;
  set(keys: readonly string[]): void;
}

const nothing: ReadonlySet<string> = new Set();

/** The rows chosen in a list, by the list's name; Back brings them again. */
export function useSelection(list: string): Selection {
  const [keys, change] = useKept(`selection ${list}`, nothing);
  // The same functions each time, so that a row is not drawn again for another one's choice.
  const actions = useMemo(() => actionsOn(change), [change]);
  return { keys, count: keys.size, has: (key) => keys.has(key), ...actions };
}

function actionsOn(
  change: (how: (now: ReadonlySet<string>) => ReadonlySet<string>) => void,
): Pick<Selection, 'toggle' | 'toggleAll' | 'add' | 'set'> {
  return {
    toggle: (key) =>
      change((now) => {
        const next = new Set(now);
        if (!next.delete(key)) next.add(key);
        return next;
      }),
    toggleAll: (all) => change((now) => (all.every((key) => now.has(key)) ? nothing : new Set(all))),
    add: (more) => change((now) => new Set([...now, ...more])),
    set: (all) => change(() => new Set(all)),
  };
}
