import { useState } from 'react';

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

export function useSelection(): Selection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  return {
    keys,
    count: keys.size,
    has: (key) => keys.has(key),
    toggle: (key) =>
      setKeys((now) => {
        const next = new Set(now);
        if (!next.delete(key)) next.add(key);
        return next;
      }),
    toggleAll: (all) => setKeys((now) => (all.every((key) => now.has(key)) ? new Set() : new Set(all))),
    add: (more) => setKeys((now) => new Set([...now, ...more])),
    set: (all) => setKeys(new Set(all)),
  };
}
