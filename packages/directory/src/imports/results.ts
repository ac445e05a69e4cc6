import type { Database } from '../database/index.ts';
import { quoteCell } from './columns.ts';
import { type RowView, streamRows } from './read.ts';

const header = 'row,email,given_name,family_name,role,outcome,user,run,code,message';

/** Words of a result file. */
const words: Readonly<Record<RowView['outcome'], string>> = {
  open: 'not started',
  running: 'running',
  done: 'done',
  waiting: 'waiting for first sign-in',
  attention: 'needs attention',
  failed: 'failed',
  none: 'same',
};

/**
 * The result file, line by line: what stood in each row and what became of it. With `stuck` the rows alone that a person
 * has to correct; such a file may be uploaded again.
 */
export async function* resultLines(
  database: Database,
  importId: string,
  { stuck = false }: { readonly stuck?: boolean } = {},
): AsyncGenerator<string> {
  // Where people of an identity provider are imported, the file names them there, too.
  yield `${header},identity_provider_user_id\r\n`;
  for await (const row of streamRows(database, importId, { stuck })) {
    const { content } = row;
    const cells = [
      String(row.row),
      content.email ?? '',
      content.given_name ?? '',
      content.family_name ?? '',
      content.role ?? '',
      row.plan === 'refuse' ? 'refused' : words[row.outcome],
      row.userId ?? '',
      row.runId ?? '',
      row.code ?? '',
      row.field === null ? (row.message ?? '') : `${row.field}: ${row.message ?? ''}`,
      content.identity_provider_user_id ?? '',
    ];
    yield `${cells.map(quoteCell).join(',')}\r\n`;
  }
}
