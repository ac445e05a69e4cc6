import type { Sweep } from '../../client/index.ts';
import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { moment, printTable, showState, stateWord, type Terminal, thousands } from '../../terminal/index.ts';
import { type Flags, given, readPages } from '../shared.ts';

/** `drawbridge sync list` */
export async function listSweeps(context: Context, flags: Flags): Promise<void> {
  const { terminal } = context;
  const { org, state, limit = 20 } = flags as { org?: string; state?: Sweep['state']; limit?: number };
  await withDirectory(context, flags, async (directory) => {
    const filter = given({ organization: org, state });
    const { items, next } = await readPages(
      (page) => directory.call('GET /api/sweeps', { query: { ...filter, ...page } }),
      { limit },
    );
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.sweeps/v1', items, next });
      return;
    }
    printTable(
      terminal,
      [
        { title: 'SWEEP', value: (one) => one.id },
        {
          title: 'STATE',
          value: (one) => stateWord(one.state).text,
          colour: (one) => stateWord(one.state).colour,
        },
        { title: 'STARTED', value: (one) => moment(one.startedAt, context.flags) },
        { title: 'READ', value: (one) => String(one.usersRead), right: true },
        { title: 'ON', value: (one) => String(one.activated), right: true },
        { title: 'OFF', value: (one) => String(one.deactivated), right: true },
        { title: 'FIXED', value: (one) => String(one.corrected), right: true },
        { title: 'HELD', value: (one) => String(one.held), right: true },
        { title: 'BY', value: (one) => (one.cause === 'person' ? one.requestedBy : one.cause) },
      ],
      items,
    );
    if (items.length === 0) terminal.note('No sweeps match.  drawbridge sync starts one');
  });
}

/** `drawbridge sync show ID` */
export async function showSweep(context: Context, id: string, flags: Flags): Promise<void> {
  const { terminal } = context;
  const { users = false, org } = flags as { users?: boolean; org?: string };
  await withDirectory(context, flags, async (directory) => {
    const query = given({ organization: org });
    const params = { id };
    const sweep = await directory.call('GET /api/sweeps/{id}', { params, query });
    const { items } = users
      ? await readPages((page) =>
          directory.call('GET /api/sweeps/{id}/items', { params, query: { ...query, ...page } }),
        )
      : { items: [] };
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.sweep/v1', sweep, ...(users ? { users: items } : {}) });
      return;
    }
    const state = showState(sweep.state, terminal.answerStyle);
    const by = sweep.cause === 'person' ? `, by ${sweep.requestedBy}` : `, by ${sweep.cause}`;
    terminal.answer(`${state}   sweep ${sweep.id}${by}, ${moment(sweep.startedAt, context.flags)}`);
    terminal.answer(
      `  ${thousands(sweep.usersRead)} read, ${thousands(sweep.activated)} activated, ${thousands(sweep.deactivated)} deactivated, ${thousands(sweep.corrected)} corrected, ${thousands(sweep.skipped)} skipped, ${thousands(sweep.held)} held`,
    );
    if (sweep.reason !== null)
      terminal.answer(`  why   ${sweep.reason}${sweep.code === null ? '' : ` (${sweep.code})`}`);
    if (sweep.decidedAt !== null)
      terminal.answer(
        `  ${sweep.state} ${moment(sweep.decidedAt, context.flags)}, by ${sweep.decidedBy ?? ''}: ${sweep.decisionReason ?? ''}`,
      );
    if (sweep.state === 'braked') printShares(terminal, sweep, (line) => terminal.answer(line));
    if (users) {
      printTable(
        terminal,
        [
          { title: 'USER', value: (item) => item.userId },
          { title: 'EMAIL', value: (item) => item.email ?? 'deleted since' },
          { title: 'WOULD', value: (item) => item.kind },
          {
            title: 'STATE',
            value: (item) => stateWord(item.state).text,
            colour: (item) => stateWord(item.state).colour,
          },
          { title: 'WAS', value: (item) => item.was },
          { title: 'ZITADEL SAYS', value: (item) => item.says },
        ],
        items,
      );
    }
    if (sweep.state === 'braked') {
      terminal.answer(`  do    drawbridge sync approve ${id} --count ${sweep.held} --reason "…"`);
      terminal.answer(`        drawbridge sync discard ${id} --reason "…"`);
    }
  });
}

/** What a braked sweep would have done, in one sentence. */
export function brakedWords({ held, brakeLimit }: Sweep): string {
  const limit = brakeLimit === null ? '' : `; the limit is ${thousands(brakeLimit)}`;
  return `${thousands(held)} user${held === 1 ? '' : 's'} would be deactivated${limit}. Nobody was deactivated.`;
}

/** Of whom it would be, organization by organization. */
export function printShares(
  terminal: Terminal,
  { organizations }: Sweep,
  print: (line: string) => void,
): void {
  const shown = organizations.filter(({ wouldGo }) => wouldGo > 0);
  if (shown.length === 0 || terminal.json) return;
  const width = Math.max(12, ...shown.map(({ name }) => name.length));
  print(`  ${'organization'.padEnd(width)}  active  would go  share  Zitadel says`);
  for (const { name, active, wouldGo, says } of shown) {
    const share = active === 0 ? '' : `${Math.round((100 * wouldGo) / active)} %`;
    print(
      `  ${name.padEnd(width)}  ${thousands(active).padStart(6)}  ${thousands(wouldGo).padStart(8)}  ${share.padStart(5)}  ${says ?? ''}`.trimEnd(),
    );
  }
}
