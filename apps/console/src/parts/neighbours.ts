import { useEffect } from 'react';
import { useKeys } from './keys.ts';

/** The list last looked at, by what it lists, so that its items can be gone through one by one. */
const lists = new Map<string, readonly string[]>();

/** Remembers what a list shows now. */
export function useListed(kind: string, ids: readonly string[]): void {
  const joined = ids.join(' ');
  useEffect(() => {
    if (joined !== '') lists.set(kind, joined.split(' '));
  }, [kind, joined]);
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
