import { paint } from './style.ts';
import type { Terminal } from './terminal.ts';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly right?: boolean;
  /** Colour of the text, for a word of state. */
  readonly colour?: (row: T) => number | undefined;
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
  const print = (cell: (column: Column<T>, at: number) => readonly [string, number | undefined]) => {
    const line = columns.slice(0, shown).map((column, at) => {
      const [text, colour] = cell(column, at);
      const room = ' '.repeat(Math.max(0, (widths[at] ?? 0) - text.length));
      const painted = colour === undefined ? text : paint(text, colour, terminal.answerStyle);
      return column.right ? `${room}${painted}` : `${painted}${at === shown - 1 ? '' : room}`;
    });
    terminal.answer(line.join('  ').trimEnd());
  };
  if (header && rows.length > 0) print(({ title }) => [title, undefined]);
  for (const [index, row] of rows.entries())
    print(({ colour }, at) => [cells[index]?.[at] ?? '', colour?.(row)]);
  if (shown < columns.length) {
    const hidden = columns.slice(shown).map(({ title }) => title);
    terminal.note(`not shown for lack of width: ${hidden.join(', ')}; --json has all`);
  }
}
