import { type ComponentProps, lazy, Suspense } from 'react';
import type { Acknowledge as Box, ConfirmDialogProps, WindowProps } from './dialogs/index.ts';

// No page needs a window to be drawn: they come after it, and are there before anybody has moved the hand to a button.
const load = async () => await import('./dialogs/index.ts');
const LazyConfirm = lazy(async () => ({ default: (await load()).ConfirmDialog }));
const LazyDialog = lazy(async () => ({ default: (await load()).Dialog }));
const LazyPanel = lazy(async () => ({ default: (await load()).SidePanel }));
const LazyBox = lazy(async () => ({ default: (await load()).Acknowledge }));

/** Fetches what windows are made of; called once the first page stands. */
export function preloadDialogs(): void {
  void load();
}

/** Asks before something with consequences. Stays open with the problem when it fails. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Suspense>
      <LazyConfirm {...props} />
    </Suspense>
  );
}

/** A window over the page; Esc closes it and the focus returns to what opened it. */
export function Dialog(props: WindowProps) {
  return (
    <Suspense>
      <LazyDialog {...props} />
    </Suspense>
  );
}

/** A panel at the side, over the page it belongs to. */
export function SidePanel(props: WindowProps) {
  return (
    <Suspense>
      <LazyPanel {...props} />
    </Suspense>
  );
}

/** A yes or no that somebody must have thought about. */
export function Acknowledge(props: ComponentProps<typeof Box>) {
  return (
    <Suspense>
      <LazyBox {...props} />
    </Suspense>
  );
}
