import { useSyncExternalStore } from 'react';
import css from './parts.module.css';

interface Toast {
  readonly id: number;
  readonly text: string;
}

const shownMs = 4_000;
let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** Confirms that something succeeded. What failed is said where it failed, never here. */
export function confirmToast(text: string): void {
  lastId += 1;
  const toast = { id: lastId, text };
  change([...toasts, toast]);
  setTimeout(() => change(toasts.filter(({ id }) => id !== toast.id)), shownMs);
}

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Where confirmations appear; one a page. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className={css.toasts} role="status" aria-live="polite">
      {shown.map(({ id, text }) => (
        <div key={id} className={css.toast}>
          {text}
        </div>
      ))}
    </div>
  );
}
