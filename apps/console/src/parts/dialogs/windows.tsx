import { Drawer, Modal } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import css from '../parts.module.css';

export interface WindowProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A window over the page; Esc closes it and the focus returns to what opened it. */
export function Dialog({ title, onClose, children }: WindowProps) {
  useFocusReturn();
  return (
    // Without the lock: it would add a style element, which the content security policy does not allow.
    <Modal.Root opened onClose={onClose} lockScroll={false} centered>
      <Modal.Overlay />
      <Modal.Content>
        <div className={css.windowHead}>
          <Modal.Title>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

/** A panel at the side, over the page it belongs to. */
export function SidePanel({ title, onClose, children }: WindowProps) {
  useFocusReturn();
  return (
    <Drawer.Root opened onClose={onClose} position="right" size="lg" lockScroll={false}>
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={css.windowHead}>
          <Drawer.Title>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </div>
        <Drawer.Body>{children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

/** Gives the focus back to what had it before; to the page where that is gone. */
function useFocusReturn(): void {
  const [opener] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const target =
        opener instanceof HTMLElement && opener.isConnected ? opener : document.getElementById('main');
      target?.focus({ preventScroll: true });
    },
    [opener],
  );
}
