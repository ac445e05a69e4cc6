import { useState } from 'react';
import { Go } from '../../../parts/index.ts';
import css from './charts.module.css';

/** An address within the console. */
export type Target = string;

export interface NumbersRow {
  readonly key: string;
  readonly cells: readonly (string | number)[];
  /** Where its first cell leads. */
  readonly open?: Target | undefined;
}

/** The numbers of a chart as a table: opened by whoever wants them, and made only then. */
export function Numbers({
  finding,
  head,
  rows,
}: {
  readonly finding: string;
  readonly head: readonly string[];
  readonly rows: readonly NumbersRow[];
}) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Numbers</summary>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
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
              {rows.map(({ key, cells, open: target }) => (
                <tr key={key}>
                  {cells.map((cell, at) => (
                    <td key={head[at]}>
                      {at === 0 && target !== undefined ? <Go href={target}>{cell}</Go> : cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
