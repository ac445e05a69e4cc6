import { useSyncExternalStore } from 'react';
import { formatRelative } from './format.ts';
import css from './parts.module.css';

const tickMs = 10_000;
let now = Date.now();
let ticking: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

/** One clock for all times on the page. */
function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) now = Date.now();
  listeners.add(listener);
  ticking ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The present, renewed every ten seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** How long ago something was, with the exact time on hover and on focus. A dash where it never was. */
export function Time({ at }: { readonly at: string | null | undefined }) {
  useNow(); // drawn again as time goes by
  if (at === null || at === undefined) return <span>–</span>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer must get at the exact time as well
    <time dateTime={at} title={at} tabIndex={0} className={css.time}>
      {formatRelative(Date.parse(at), Date.now())}
    </time>
  );
}
