import { withDirectory } from '../../connection.ts';
import { type Context, Findings } from '../../context.ts';
import { moment, printTable, thousands } from '../../terminal/index.ts';
import { type Flags, given, readPages } from '../shared.ts';

interface Filter {
  readonly org?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly object?: string;
  readonly from?: string;
  readonly to?: string;
}

/** The filter that `list` and `export` share, as the API takes it. */
function filterOf(flags: Flags) {
  const { org, actor, action, object, from, to } = flags as Filter;
  return given({ organization: org, actor, action, object, from, to });
}

/** `drawbridge audit list` */
export async function listAudit(context: Context, flags: Flags): Promise<void> {
  const { terminal } = context;
  const { limit = 50 } = flags as { limit?: number };
  await withDirectory(context, flags, async (directory) => {
    const filter = filterOf(flags);
    const { items, next } = await readPages(
      (page) => directory.call('GET /api/audit', { query: { ...filter, ...page } }),
      { limit },
    );
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.audit/v1', items, next });
      return;
    }
    printTable(
      terminal,
      [
        { title: 'TIME', value: (entry) => moment(entry.at, context.flags) },
        { title: 'ACTOR', value: (entry) => entry.actor },
        { title: 'ACTION', value: (entry) => entry.action },
        { title: 'OBJECT', value: (entry) => entry.personal?.email ?? entry.objectId },
        { title: 'REASON', value: (entry) => entry.reason ?? '' },
        { title: 'REQUEST', value: (entry) => entry.requestId ?? '' },
      ],
      items,
    );
    if (items.length === 0) terminal.note('Nothing matches.');
    else if (next !== null) terminal.note('There are more; a larger --limit shows them.');
  });
}

/** `drawbridge audit export`: JSON lines, the oldest first, as they arrive. */
export async function exportAudit(context: Context, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  await withDirectory(context, flags, async (directory) => {
    const query = new URLSearchParams(filterOf(flags)).toString();
    const path = `/api/audit/export${query === '' ? '' : `?${query}`}`;
    let lines = 0;
    for await (const chunk of await directory.stream(path, 'application/x-ndjson', { signal })) {
      await terminal.write(chunk);
      lines += chunk.split('\n').length - 1;
    }
    terminal.note(`${thousands(lines)} entries. The export is itself in the audit.`);
  });
}

/** `drawbridge audit verify`: ends with exit code 1 where the chain is broken. */
export async function verifyAudit(context: Context, flags: Flags): Promise<void> {
  const { terminal } = context;
  const { org } = flags as Filter;
  await withDirectory(context, flags, async (directory) => {
    const found = await directory.call('GET /api/audit/verification', {
      query: given({ organization: org }),
    });
    const place = org ?? 'the site';
    const young = found.unsealed === 0 ? '' : `, ${thousands(found.unsealed)} not sealed yet`;
    if (terminal.json) terminal.document({ schema: 'drawbridge.audit-verification/v1', ...found });
    else if (found.brokenAt === null) {
      const through = found.through === null ? '' : ` to ${moment(found.through, context.flags)}`;
      terminal.answer(
        terminal.sign(
          'ok',
          `${place}: chain verified${through}, ${thousands(found.checked)} records${young}`,
        ),
      );
    } else {
      terminal.answer(
        terminal.sign(
          'fail',
          `${place}: the chain breaks at record ${found.brokenAt}, after ${thousands(found.checked)} that are right`,
        ),
      );
      terminal.answer('  means   that record, or the one before it, was changed behind the directory');
      terminal.answer('  do      compare with a backup or an earlier drawbridge audit export');
    }
    if (found.brokenAt !== null) throw new Findings();
  });
}
