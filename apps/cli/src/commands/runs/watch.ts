import { withDirectory } from '../../connection.ts';
import { type Context, Findings } from '../../context.ts';
import { followRun, isOver } from '../../follow-run.ts';
import type { Flags } from '../shared.ts';
import { printRun } from './show.ts';

/** `drawbridge runs watch ID`: waits for a run; one that stopped ends with exit code 1. */
export async function watchRun(context: Context, id: string, flags: Flags): Promise<void> {
  const { terminal } = context;
  await withDirectory(context, flags, async (directory) => {
    const found = await directory.call('GET /api/runs/{id}', { params: { id } });
    const run = await followRun(context, directory, found, (now) => {
      if (!isOver(now)) terminal.event('progress', { run: now });
    });
    if (terminal.json) terminal.event('result', { schema: 'drawbridge.run/v1', run });
    else printRun(context, run);
    if (run.state !== 'done' && run.state !== 'waiting') throw new Findings();
  });
}
