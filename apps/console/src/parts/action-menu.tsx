import { Popover } from '@mantine/core';
import { type ReactElement, type ReactNode, useRef, useState } from 'react';
import css from './parts.module.css';

export interface MenuAction {
  readonly label: string;
  /** Either what a click does, or where it leads. */
  readonly onClick?: () => void;
  readonly href?: string;
  readonly download?: string;
  readonly danger?: boolean;
}

/** Lesser actions behind one button: plain buttons and links, reached with Tab. */
export function ActionMenu({
  opener,
  title,
  actions,
}: {
  readonly opener: (toggle: () => void, open: boolean) => ReactElement;
  readonly title?: ReactNode;
  readonly actions: readonly MenuAction[];
}) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLSpanElement>(null);
  // What the action opens gives the focus back to where it is now: not to a menu item that is gone by then.
  const close = () => {
    place.current?.querySelector('button')?.focus();
    setOpen(false);
  };
  return (
    <span ref={place}>
      <Popover opened={open} onChange={setOpen} position="bottom-end" width={260} trapFocus returnFocus>
        <Popover.Target>{opener(() => setOpen(!open), open)}</Popover.Target>
        <Popover.Dropdown p={6}>
          {title && <div className={css.menuTitle}>{title}</div>}
          {actions.map(({ label, onClick, href, download, danger }) =>
            href === undefined ? (
              <button
                key={label}
                type="button"
                className={css.menuItem}
                data-danger={danger}
                onClick={() => {
                  close();
                  onClick?.();
                }}
              >
                {label}
              </button>
            ) : (
              <a key={label} href={href} download={download} className={css.menuItem} onClick={close}>
                {label}
              </a>
            ),
          )}
        </Popover.Dropdown>
      </Popover>
    </span>
  );
}
