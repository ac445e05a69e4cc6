import { useEffect } from 'react';
import { useKeys } from './keys.ts';

/** The list last looked at, by what it lists, so that its items can be gone through one by one. */
const lists = new Map<string, readonly string[]>();

/** Remembers what a list shows now. Its keys are made when its rows change, not whenever it is drawn: there may be thousands. */
export function useListed<T>(kind: string, rows: readonly T[], rowKey: (row: T) => string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: how a row is named does not change
  useEffect(() => {
    if (rows.length > 0) lists.set(kind, rows.map(rowKey));
  }, [kind, rows]);
}

/** `[` and `]` lead to the items beside this one in the list it was opened from. */
export function useNeighbours(kind: string, id: string, open: (id: string) => void): void {
  const go = (step: number) => {
    const list = lists.get(kind) ?? [];
    const at = list.indexOf(id);
    const next = at < 0 ? undefined : list[at + step];
    if (next !== undefined) open(next);
  };
  useKeys({ '[': () => go(-1), ']': () => go(1) });
}
