import { type ReactNode, useEffect } from 'react';
import css from './layout.module.css';

export interface PageHeaderProps {
  readonly title: string;
  /** Answers the page's question: state, since when, by whom, why. */
  readonly children?: ReactNode;
  /** The one next action, and lesser ones beside it. */
  readonly actions?: ReactNode;
}

/** Title, answer and next action of a page; the window's title follows. */
export function PageHeader({ title, children, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Drawbridge`;
  }, [title]);
  return (
    <header className={css.header}>
      <div className={css.headerText}>
        <h1>{title}</h1>
        {children && <div className={css.sentence}>{children}</div>}
      </div>
      {actions && <div className={css.actions}>{actions}</div>}
    </header>
  );
}

/** A part of a page with a heading. */
export function Card({
  title,
  aside,
  children,
}: {
  readonly title?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className={css.card} {...(title ? { 'aria-label': title } : {})}>
      {title && (
        <div className={css.cardHead}>
          <h2>{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

/** Pairs of a name and a value. */
export function Facts({ items }: { readonly items: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={css.facts}>
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A row of things that wraps. */
export function Row({ children }: { readonly children: ReactNode }) {
  return <div className={css.row}>{children}</div>;
}

/** Filter and order above a list. */
export function Toolbar({ children }: { readonly children: ReactNode }) {
  return <div className={css.toolbar}>{children}</div>;
}
