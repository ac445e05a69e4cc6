import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { ask, confirm, stateWord } from '../../terminal/index.ts';
import { carriedOut, type Flags, requireDone } from '../shared.ts';

type Decision = 'resume' | 'compensate' | 'abandon';

/** `drawbridge runs resume|compensate|abandon ID` */
async function decide(context: Context, id: string, decision: Decision, flags: Flags): Promise<void> {
  const { terminal, signal } = context;
  const {
    reason: said,
    yes = false,
    wait = true,
  } = flags as { reason?: string; yes?: boolean; wait?: boolean };
  await withDirectory(context, flags, async (directory) => {
    const before = await directory.call('GET /api/runs/{id}', { params: { id } });
    const reason = await ask(terminal, { flag: '--reason', given: said, text: 'A reason' }, signal);
    if (decision === 'compensate') {
      const undone = before.steps.flatMap(({ state, undo }) => (state === 'done' && undo ? [undo] : []));
      const consequence = `Takes back ${before.title ?? before.saga}: ${undone.toReversed().join('; ') || 'nothing is done yet'}.`;
      await confirm(terminal, { consequence, type: id, yes }, signal);
    }
    const decided = await directory.call('POST /api/runs/{id}/{decision}', {
      params: { id, decision },
      body: { reason },
    });
    const run = await carriedOut(context, directory, decided, { wait: wait && decision !== 'abandon' });
    if (terminal.json) terminal.document({ schema: 'drawbridge.run/v1', run });
    else terminal.answer(`run ${id}  ${stateWord(run.state).text}`);
    // What was to be undone and is undone went well.
    if (run.state !== 'compensated' && decision === 'resume') requireDone(run);
    if (run.state === 'attention' && decision === 'compensate') requireDone(run);
  });
}

/** `drawbridge runs resume ID` */
export async function resumeRun(context: Context, id: string, flags: Flags): Promise<void> {
  await decide(context, id, 'resume', flags);
}

/** `drawbridge runs compensate ID` */
export async function compensateRun(context: Context, id: string, flags: Flags): Promise<void> {
  await decide(context, id, 'compensate', flags);
}

/** `drawbridge runs abandon ID` */
export async function abandonRun(context: Context, id: string, flags: Flags): Promise<void> {
  await decide(context, id, 'abandon', flags);
}
