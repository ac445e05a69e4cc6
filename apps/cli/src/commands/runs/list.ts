import type { Run } from '../../client/index.ts';
import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { moment, printTable, stateWord } from '../../terminal/index.ts';
import { type Flags, given, readPages } from '../shared.ts';

/** `drawbridge runs list` */
export async function listRuns(context: Context, flags: Flags): Promise<void> {
  const { terminal } = context;
  const {
    org,
    state,
    user,
    limit = 50,
  } = flags as {
    org?: string;
    state?: Run['state'];
    user?: string;
    limit?: number;
  };
  const { import: batch } = flags as { import?: string };
  await withDirectory(context, flags, async (directory) => {
    const filter = given({ organization: org, state, user, batch });
    const { items, next } = await readPages(
      (page) => directory.call('GET /api/runs', { query: { ...filter, ...page } }),
      { limit },
    );
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.runs/v1', items, next });
      return;
    }
    printTable(
      terminal,
      [
        { title: 'RUN', value: (run) => run.id },
        {
          title: 'STATE',
          value: (run) => stateWord(run.state).text,
          colour: (run) => stateWord(run.state).colour,
        },
        { title: 'SINCE', value: (run) => moment(run.createdAt, context.flags) },
        { title: 'WHAT', value: (run) => run.title ?? run.saga },
        { title: 'CODE', value: (run) => run.code ?? '' },
      ],
      items,
    );
    if (items.length === 0) terminal.note('No runs match.');
    else if (next !== null) terminal.note('There are more; a larger --limit shows them.');
  });
}
