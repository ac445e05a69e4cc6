import type { Terminal } from './terminal.ts';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly right?: boolean;
}

/**
 * Prints rows as the answer: aligned, no borders, a header only for a person. On a terminal the last columns are dropped
 * until the table fits, and that is said; in a pipe nothing is cut.
 */
export function printTable<T>(terminal: Terminal, columns: readonly Column<T>[], rows: readonly T[]): void {
  const header = terminal.answersPerson;
  const cells = rows.map((row) => columns.map(({ value }) => value(row)));
  const widths = columns.map(({ title }, at) =>
    Math.max(header ? title.length : 0, ...cells.map((row) => row[at]?.length ?? 0)),
  );
  let shown = columns.length;
  const total = (count: number) => widths.slice(0, count).reduce((sum, width) => sum + width + 2, -2);
  while (shown > 1 && total(shown) > terminal.answerColumns) shown--;
  const print = (row: readonly string[]) =>
    terminal.answer(
      row
        .slice(0, shown)
        .map((text, at) =>
          columns[at]?.right ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    );
  if (header && rows.length > 0) print(columns.map(({ title }) => title));
  for (const row of cells) print(row);
  if (shown < columns.length) {
    const hidden = columns.slice(shown).map(({ title }) => title);
    terminal.note(`not shown for lack of width: ${hidden.join(', ')}; --json has all`);
  }
}
