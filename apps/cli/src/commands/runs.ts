import { withDirectory } from '../connection.ts';
import type { Context } from '../context.ts';
import { elapsed, markOf } from '../follow-run.ts';

/** `drawbridge runs show ID` */
export async function showRun(
  context: Context,
  id: string,
  flags: Readonly<Record<string, unknown>>,
): Promise<void> {
  await withDirectory(context, flags, async (client) => {
    const run = await client.getRun(id);
    const { terminal } = context;
    if (terminal.json) {
      terminal.document({ schema: 'drawbridge.run/v1', run });
      return;
    }
    terminal.answer(
      `${words[run.state] ?? run.state}   ${run.saga}   user ${run.userId ?? '–'}   by ${run.requestedBy}   ${run.createdAt}`,
    );
    for (const [at, step] of run.steps.entries()) {
      const mark = markOf(step.state);
      const state =
        mark === undefined
          ? step.state === 'running'
            ? '…'
            : '–'
          : { ok: '✓', fail: '✗', wait: '…', skip: '–', warn: '!' }[mark];
      const text = step.error ?? step.detail ?? (step.state === 'pending' ? 'not reached' : step.state);
      terminal.answer(`  ${at + 1} ${step.title.padEnd(13)} ${state}  ${text}  ${elapsed(step)}`.trimEnd());
    }
    if (run.reason) terminal.answer(`  why   ${run.reason} (${run.code ?? ''})`);
    if (run.choices.length > 0)
      terminal.answer(`  do    POST /api/runs/${run.id}/${run.choices.join('|')} with a reason`);
  });
}

const words: Readonly<Record<string, string>> = {
  queued: 'queued',
  running: 'running',
  waiting: 'done, waiting for a late step',
  done: 'done',
  attention: 'needs attention',
  quarantined: 'quarantined',
  compensating: 'being taken back',
  compensated: 'taken back',
  abandoned: 'abandoned',
};
