import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DrawbridgeError, translateFileError, writeFileAtomic } from '@drawbridge/kit';
import { type Directory, follow, type Import, type ImportRow } from '../../client/index.ts';
import { withDirectory } from '../../connection.ts';
import { type Context, Findings } from '../../context.ts';
import { duration, startBar, startWait, thousands } from '../../terminal/index.ts';
import { type Flags, organizationOf, readPages } from '../shared.ts';

interface ImportFlags {
  readonly dryRun?: boolean;
  readonly skipRefused?: boolean;
  readonly results?: string;
  readonly wait: boolean;
}

/** What the directory takes at most; more need not be sent. */
const mostBytes = 20_000_000;
/** Refused rows that are shown; the rest are in the result file. */
const mostRefused = 20;

/** `drawbridge users import FILE` */
export async function importUsers(context: Context, file: string, flags: Flags): Promise<void> {
  const { terminal } = context;
  const organization = organizationOf(flags, 'users import');
  const { dryRun = false, skipRefused = false, results, wait } = flags as unknown as ImportFlags;
  const body = await readCsv(file);
  await withDirectory(context, flags, async (directory) => {
    const checked = await upload(context, directory, { organization, fileName: basename(file) }, body);
    const { refuse } = checked.plan;
    const refused = await refusedRows(directory, checked);
    terminal.event('checked', { import: checked, refused: refused.items });
    if (dryRun || (refuse > 0 && !skipRefused)) {
      tellPlan(context, checked, refused.items);
      await keep(context, directory, checked, results);
      // What a dry run found is its answer; not starting what was asked for is a failure.
      const problem = dryRun ? new Findings() : refusal(checked, file, organization);
      finish(context, checked, refuse === 0 ? undefined : problem);
      return;
    }
    if (checked.plan.create + checked.plan.change === 0) {
      terminal.note(`${basename(file)}: nothing to do; ${rows(checked.plan.same)} the same already.`);
      finish(context, checked, undefined);
      return;
    }
    const params = { id: checked.id };
    const started = await directory.call('POST /api/imports/{id}/start', { params, body: { skipRefused } });
    if (!wait) {
      if (!terminal.json) terminal.answer(`import ${started.id}  ${started.state}`);
      finish(context, started, undefined);
      return;
    }
    const ended = await watch(context, directory, started);
    const path = results ?? join(dirname(file), `${basename(file).replace(/\.csv$/i, '')}.results.csv`);
    await keep(context, directory, ended, path);
    tellEnd(context, ended, path, organization);
    finish(context, ended, problemOf(ended));
  });
}

async function readCsv(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > mostBytes) {
      throw new DrawbridgeError('import_too_large', {
        message: `${basename(file)} has ${Math.ceil(size / 1_000_000)} MB; an import may have 20.`,
        where: file,
      });
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    if (error instanceof DrawbridgeError) throw error;
    if (error instanceof TypeError) {
      throw new DrawbridgeError('import_unreadable', {
        message: 'The file is not UTF-8 text.',
        where: file,
        cause: error,
      });
    }
    throw translateFileError(error, file, 'file_unreadable');
  }
}

async function upload(
  { terminal, signal }: Context,
  directory: Directory,
  query: { readonly organization: string; readonly fileName: string },
  body: string,
): Promise<Import> {
  const wait = startWait(terminal, `checking ${query.fileName}`);
  try {
    return await directory.call('POST /api/imports', { query, body, signal });
  } finally {
    wait.end();
  }
}

async function refusedRows(directory: Directory, { id, plan }: Import) {
  if (plan.refuse === 0) return { items: [], next: null };
  return await readPages(
    ({ limit, after }) =>
      directory.call('GET /api/imports/{id}/rows', {
        params: { id },
        query: { plan: 'refuse', limit, ...(after === undefined ? {} : { after: Number(after) }) },
      }),
    { limit: mostRefused },
  );
}

/** What would become of the file: an answer to a dry run, and the reason where nothing is started. */
function tellPlan({ terminal }: Context, found: Import, refused: readonly ImportRow[]): void {
  if (terminal.json) return;
  const { create, change, same, refuse } = found.plan;
  terminal.answer(
    `${found.fileName}: ${rows(found.total)}. ${thousands(create)} to create, ${thousands(change)} to change, ${thousands(same)} same, ${thousands(refuse)} refused.`,
  );
  if (refused.length > 0) {
    const width = (text: (row: ImportRow) => string, title: string) =>
      Math.max(title.length, ...refused.map((row) => text(row).length));
    const field = width((row) => row.field ?? '', 'column');
    const value = Math.min(
      30,
      width((row) => row.value ?? '', 'value'),
    );
    const line = (...[row, column, what, problem]: readonly string[]) =>
      `${row?.padStart(5)}  ${column?.padEnd(field)}  ${what?.slice(0, 30).padEnd(value)}  ${problem}`;
    terminal.answer(line('row', 'column', 'value', 'problem'));
    for (const row of refused)
      terminal.answer(line(String(row.row), row.field ?? '', row.value ?? '', row.message ?? ''));
    if (refuse > refused.length) terminal.answer(`  and ${thousands(refuse - refused.length)} more`);
  }
  const time = found.leftMs === null || found.leftMs === 0 ? '' : `, take about ${roughly(found.leftMs)}`;
  terminal.answer(
    `Would send ${thousands(found.mails)} mail${found.mails === 1 ? '' : 's'}${time}. Nothing was changed.`,
  );
}

/** Shows how far it is until it is over. */
async function watch(context: Context, directory: Directory, started: Import): Promise<Import> {
  const { terminal, signal } = context;
  const bar = startBar(terminal, `import ${started.id}`);
  const { id, organizationId } = started;
  const params = { id };
  try {
    for await (const _news of follow(directory, { kind: 'import', id, organizationId }, signal)) {
      const now = await directory.call('GET /api/imports/{id}', { params });
      const { done, waiting, attention, failed } = now.outcome;
      const total = now.plan.create + now.plan.change;
      bar.update({
        done: done + waiting + attention + failed,
        total,
        counts: { done: done + waiting, attention, ...(failed > 0 ? { failed } : {}) },
        perSecond: now.ratePerSecond,
        leftMs: now.leftMs,
      });
      terminal.event('progress', { import: now });
      if (['done', 'stopped', 'refused'].includes(now.state)) return now;
    }
    return started;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new DrawbridgeError('canceled', {
      message: 'No longer waiting; the import goes on without you.',
      fix: `drawbridge runs list --import ${id} --org ${organizationId}`,
      cause: error,
    });
  } finally {
    bar.end();
  }
}

function tellEnd({ terminal }: Context, ended: Import, path: string, organization: string): void {
  const { done, waiting, attention, failed } = ended.outcome;
  const stuck = [
    ...(attention > 0 ? [`${thousands(attention)} need${attention === 1 ? 's' : ''} attention`] : []),
    ...(failed > 0 ? [`${thousands(failed)} failed`] : []),
  ];
  const waits = waiting > 0 ? `, ${thousands(waiting)} of them waiting for first sign-in` : '';
  const line = `${thousands(done + waiting)} done${waits}.`;
  if (terminal.json) return;
  terminal.answer(
    terminal.sign('ok', line) + (stuck.length > 0 ? `  ${terminal.sign('warn', stuck.join(', '))}` : ''),
  );
  const next =
    attention > 0 ? `      next  drawbridge runs list --org ${organization} --import ${ended.id}` : '';
  terminal.note(`  results  ${path}${next}`);
}

async function keep(
  { terminal, signal }: Context,
  directory: Directory,
  { id }: Import,
  path: string | undefined,
): Promise<void> {
  if (path === undefined) return;
  const lines = await directory.stream(`/api/imports/${encodeURIComponent(id)}/results.csv`, 'text/csv', {
    signal,
  });
  let text = '';
  for await (const chunk of lines) text += chunk;
  await writeFileAtomic(path, text, { mode: 0o600 });
  terminal.event('results', { path });
}

function refusal(found: Import, file: string, organization: string): DrawbridgeError {
  return new DrawbridgeError('import_refused_rows', {
    message: `${found.plan.refuse === 1 ? '1 row is' : `${thousands(found.plan.refuse)} rows are`} refused; nothing was changed.`,
    fix: `drawbridge users import ${file} --org ${organization} --skip-refused`,
  });
}

function problemOf({ state, outcome, plan }: Import): Error | undefined {
  if (state === 'stopped')
    return new DrawbridgeError('import_not_ready', {
      message: 'The import was stopped; what is done stays.',
    });
  return outcome.attention + outcome.failed + plan.refuse > 0 ? new Findings() : undefined;
}

/** The last document of a stream of them, and the end of the command. */
function finish({ terminal }: Context, found: Import, problem: Error | undefined): void {
  if (terminal.json) terminal.event('result', { schema: 'drawbridge.import/v1', import: found });
  if (problem) throw problem;
}

function rows(count: number): string {
  return `${thousands(count)} row${count === 1 ? '' : 's'}`;
}

function roughly(ms: number): string {
  return ms < 60_000
    ? duration(Math.max(1_000, Math.round(ms / 1_000) * 1_000)).replace('.0', '')
    : `${Math.round(ms / 60_000)} min`;
}
