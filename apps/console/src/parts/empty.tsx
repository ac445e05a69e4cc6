import type { ReactNode } from 'react';
import { Copyable } from './copyable.tsx';
import css from './parts.module.css';

/** Nothing there yet: one sentence, one button, one command. */
export function Empty({
  children,
  action,
  command,
}: {
  readonly children: ReactNode;
  readonly action?: ReactNode;
  readonly command?: string;
}) {
  return (
    <div className={css.empty}>
      <p>{children}</p>
      <div className={css.row}>
        {action}
        {command && <Copyable value={command} label="command" max={80} />}
      </div>
    </div>
  );
}
