import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

export interface GoProps {
  /** Address within the console, such as `/o/demo/runs/7Q2F`. */
  readonly href: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-current'?: 'page' | undefined;
  /** Beside going there. */
  readonly onGo?: () => void;
}

/**
 * A link in a row of a table. The router's own looks at every change of address, which with hundreds of rows takes
 * longer than drawing the next page; this one knows only where it leads. Opening in a new tab works as with any link.
 */
export function Go({ href, children, onGo, ...rest }: GoProps) {
  const router = useRouter();
  const onClick = (event: MouseEvent) => {
    const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (event.button !== 0 || elsewhere || event.defaultPrevented) return;
    event.preventDefault();
    onGo?.();
    void router.navigate({ href });
  };
  // What is pointed at is fetched before it is pressed.
  const preload = () => void router.preloadRoute({ to: href });
  return (
    <a href={href} onClick={onClick} onPointerEnter={preload} onFocus={preload} {...rest}>
      {children}
    </a>
  );
}

/** An address within the console, from names and ids that may hold any sign. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}
