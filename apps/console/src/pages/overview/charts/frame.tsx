import type { ReactNode } from 'react';
import css from './charts.module.css';

/** Size of every drawing, in its own units. */
export const width = 480;
export const height = 170;
/** Room for the axes. */
export const box = { left: 44, right: 8, top: 10, bottom: 22 } as const;

export interface FrameProps {
  /** What the chart shows, as a sentence. */
  readonly finding: string;
  readonly aside?: ReactNode;
  /** The same numbers for whoever does not see the drawing. */
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly legend?: readonly (readonly [name: string, kind: keyof typeof css])[];
  readonly children: ReactNode;
}

/** A drawing with its finding above and its numbers below. */
export function Frame({ finding, aside, head, rows, legend, children }: FrameProps) {
  return (
    <figure className={css.frame}>
      <figcaption>
        <h2>{finding}</h2>
        {aside}
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`${finding} The numbers are in the table below.`}
      >
        {rows.length === 0 ? (
          <text className={css.none} x={width / 2} y={height / 2}>
            Nothing to show yet
          </text>
        ) : (
          children
        )}
      </svg>
      {legend && (
        <div className={css.legend}>
          {legend.map(([name, kind]) => (
            <span key={name}>
              <svg viewBox="0 0 10 10" aria-hidden="true">
                <rect width="10" height="10" className={css[kind]} />
              </svg>
              {name}
            </span>
          ))}
        </div>
      )}
      {rows.length > 0 && (
        <details>
          <summary>Numbers</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
          <section className={css.scroll} tabIndex={0} aria-label={`Numbers: ${finding}`}>
            <table>
              <thead>
                <tr>
                  {head.map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.join(' ')}>
                    {row.map((cell, at) => (
                      <td key={head[at]}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </details>
      )}
    </figure>
  );
}
