import type { ComponentPropsWithRef, ReactNode } from 'react';
import css from './button.module.css';
import { Go } from './go.tsx';

interface Look {
  /** `filled` for the one next action of a page; `default` for the others; `subtle` and `plain` where they are many. */
  readonly variant?: 'filled' | 'default' | 'subtle' | 'plain' | undefined;
  readonly size?: 'sm' | 'xs' | 'compact' | undefined;
  /** For what cannot be taken back. */
  readonly danger?: boolean | undefined;
  readonly children: ReactNode;
}

export interface ButtonProps extends Look, Omit<ComponentPropsWithRef<'button'>, 'children'> {
  /** While what it began goes on: it cannot be pressed again. */
  readonly loading?: boolean;
}

/** A button as the browser has it: a table may hold hundreds, and those of a library cost more than all else in a row. */
export function Button({
  variant,
  size,
  danger,
  loading = false,
  disabled = false,
  className = '',
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      className={`${classOf({ variant, size, danger })} ${className}`}
      disabled={disabled || loading}
      aria-busy={loading || undefined}
      {...rest}
    >
      {children}
    </button>
  );
}

export interface ButtonLinkProps extends Look {
  readonly href: string;
  /** Whether it leads out of the console: to a file, or to a page of the server. */
  readonly outside?: boolean;
  /** Name of the file it leads to; the server's own where empty. */
  readonly download?: string;
  readonly onClick?: () => void;
}

/** A link that looks like a button. */
export function ButtonLink({
  variant,
  size,
  danger,
  href,
  outside = false,
  download,
  onClick,
  children,
}: ButtonLinkProps) {
  const className = classOf({ variant, size, danger });
  if (outside) {
    return (
      <a className={className} href={href} download={download}>
        {children}
      </a>
    );
  }
  return (
    <Go className={className} href={href} {...(onClick ? { onGo: onClick } : {})}>
      {children}
    </Go>
  );
}

function classOf({ variant = 'filled', size = 'sm', danger = false }: Omit<Look, 'children'>): string {
  return [css.button, css[variant], css[size], danger && css.danger].filter(Boolean).join(' ');
}
