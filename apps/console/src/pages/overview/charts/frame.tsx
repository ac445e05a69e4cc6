import { useNavigate } from '@tanstack/react-router';
import { type MouseEvent, type ReactNode, useId } from 'react';
import css from './charts.module.css';
import { Numbers, type NumbersRow, type Target } from './numbers.tsx';
import { Patterns } from './patterns.tsx';

/** Size of every drawing, in its own units. */
export const width = 480;
export const height = 170;
/** Room for the axes. */
export const box = { left: 44, right: 8, top: 10, bottom: 22 } as const;

/** A part of a drawing: its class and, so that colour is not needed, its pattern. */
export type Kind = 'done' | 'waiting' | 'attention' | 'quarantined' | 'corrected' | 'left' | 'gap';

export interface FrameProps {
  /** What the chart shows, as a sentence. */
  readonly finding: string;
  readonly aside?: ReactNode;
  /** The same numbers for whoever does not see the drawing. */
  readonly head: readonly string[];
  readonly rows: readonly NumbersRow[];
  readonly legend?: readonly (readonly [name: string, kind: Kind])[];
  /** Gets the name of a pattern's fill. */
  readonly children: (fill: (kind: Kind) => string) => ReactNode;
}

/** A drawing with its finding above and its numbers below. What is clicked opens the list behind it. */
export function Frame({ finding, aside, head, rows, legend, children }: FrameProps) {
  const navigate = useNavigate();
  const id = useId();
  const fill = (kind: Kind) => `url(#${id}${kind})`;
  const open = ({ target }: MouseEvent) => {
    const to = target instanceof Element ? target.closest('[data-open]')?.getAttribute('data-open') : null;
    if (to) void navigate({ href: to });
  };
  return (
    <figure className={css.frame}>
      <figcaption>
        <h2>{finding}</h2>
        {aside}
      </figcaption>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the table below has the same links for the keyboard */}
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${finding} The numbers are in the table below.`}
        onClick={open}
      >
        <Patterns id={id} />
        {rows.length === 0 ? (
          <>
            <rect
              className={css.gap}
              fill={fill('gap')}
              x={box.left}
              y={box.top}
              width={width - box.left - box.right}
              height={height - box.top - box.bottom}
            />
            <text className={css.none} x={width / 2} y={height / 2}>
              Nothing to show yet
            </text>
          </>
        ) : (
          children(fill)
        )}
      </svg>
      {legend && (
        <div className={css.legend}>
          {legend.map(([name, kind]) => (
            <span key={name}>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                <rect width="10" height="10" className={css[kind]} fill={fill(kind)} />
              </svg>
              {name}
            </span>
          ))}
        </div>
      )}
      {rows.length > 0 && <Numbers finding={finding} head={head} rows={rows} />}
    </figure>
  );
}

/** Makes a shape lead somewhere: `{...opens(target)}`. */
export function opens(target: Target | undefined): { readonly 'data-open'?: string } {
  return target === undefined ? {} : { 'data-open': target };
}
