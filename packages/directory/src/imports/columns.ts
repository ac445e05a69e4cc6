import { DrawbridgeError } from '@drawbridge/kit';

/** What a row may say of a person. */
const wanted = ['email', 'given_name', 'family_name', 'role', 'org', 'identity_provider_user_id'] as const;
export type Column = (typeof wanted)[number];

const needed: readonly Column[] = ['email', 'given_name', 'family_name'];
/** Columns of a result file, which may be corrected and uploaded as it is. */
const ofResults = ['row', 'outcome', 'user', 'run', 'code', 'message'];

/** A row's cells by column; columns that the file has not are absent. */
export type Content = Partial<Record<Column, string>>;

/** Where each column stands in this file. */
export type Layout = ReadonlyMap<Column, number>;

/**
 * Reads the header. An unknown column is refused, not skipped: it may be one we know, misspelled.
 *
 * @throws {DrawbridgeError} `import_unreadable` with every mistake at once
 */
export function readHeader(cells: readonly string[]): Layout {
  const layout = new Map<Column, number>();
  const problems: { field: string; message: string }[] = [];
  for (const [at, cell] of cells.entries()) {
    const name = cell
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_');
    const column = wanted.find((one) => one === name);
    if (column === undefined) {
      if (name !== '' && !ofResults.includes(name))
        problems.push({
          field: cell.slice(0, 60),
          message: `is no column; columns are ${wanted.join(', ')}`,
        });
    } else if (layout.has(column)) problems.push({ field: column, message: 'stands in the header twice' });
    else layout.set(column, at);
  }
  for (const column of needed)
    if (!layout.has(column)) problems.push({ field: column, message: 'is missing in the header' });
  if (problems.length === 0) return layout;
  throw new DrawbridgeError('import_unreadable', {
    message: 'The first row is not the header that is needed.',
    problems,
  });
}

/** Longer than anything that is accepted; what is refused is kept to be shown. */
const cellLength = 250;

/** The cells of a row by column. */
export function contentOf(layout: Layout, cells: readonly string[]): Content {
  const content: Content = {};
  for (const [column, at] of layout) {
    const cell = cells[at];
    // PostgreSQL's JSON holds no NUL.
    if (cell !== undefined)
      content[column] = unquoteCell(cell).slice(0, cellLength).replaceAll('\0', '\ufffd');
  }
  return content;
}

/** What a spreadsheet would take for a formula. */
const formula = /^[=+\-@\t\r]/;

/** Keeps a spreadsheet from computing a cell: it is shown as text. @see OWASP CSV injection */
export function quoteCell(cell: string): string {
  const safe = formula.test(cell) ? `'${cell}` : cell;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Takes back what {@link quoteCell} put in front. */
function unquoteCell(cell: string): string {
  return cell.startsWith("'") && formula.test(cell.slice(1)) ? cell.slice(1) : cell;
}
