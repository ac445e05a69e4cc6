import type { Run, Step } from '../../client/index.ts';
import { withDirectory } from '../../connection.ts';
import type { Context } from '../../context.ts';
import { elapsed } from '../../follow-run.ts';
import { moment, showState, sinceOf, stateWord, type Terminal } from '../../terminal/index.ts';
import type { Flags } from '../shared.ts';

/** `drawbridge runs show ID` */
export async function showRun(context: Context, id: string, flags: Flags): Promise<void> {
  const { terminal } = context;
  await withDirectory(context, flags, async (directory) => {
    const run = await directory.call('GET /api/runs/{id}', { params: { id } });
    if (terminal.json) terminal.document({ schema: 'drawbridge.run/v1', run });
    else printRun(context, run);
  });
}

/** A run in full: its sentence, a line a step, and what can be decided about it. */
export function printRun({ terminal, flags }: Context, run: Run): void {
  const since =
    run.state === 'attention' || run.state === 'quarantined'
      ? sinceOf(run.updatedAt)
      : moment(run.createdAt, flags);
  terminal.answer(
    `${showState(run.state, terminal.answerStyle)}   ${run.title ?? run.saga}, by ${run.requestedBy}, ${since}`,
  );
  const stop = run.steps.findLastIndex(({ state }) => state !== 'pending');
  for (const [at, step] of run.steps.slice(0, stop + 1).entries())
    terminal.answer(stepLine(terminal, at, step));
  const rest = run.steps.slice(stop + 1);
  if (rest.length > 0) {
    const from = stop + 2;
    const numbers = rest.length === 1 ? String(from) : `${from}-${run.steps.length}`;
    const names = rest.map(({ title }) => title).join(', ');
    terminal.answer(`  ${numbers.padEnd(15)} –  not reached: ${names}`);
  }
  if (run.reason) terminal.answer(`  why   ${run.reason}${run.code ? ` (${run.code})` : ''}`);
  if (run.decision) {
    const { decision, by, at, reason } = run.decision;
    const why = reason === null ? '' : `: ${reason}`;
    terminal.answer(`  ${decided[decision]} by ${by}, ${moment(at, flags)}${why}`);
  }
  if (run.choices.length > 0) printChoices(terminal, run, stop);
}

const decided = { resume: 'resumed', compensate: 'taken back', abandon: 'abandoned' } as const;

function stepLine(terminal: Terminal, at: number, step: Step): string {
  const [glyph = ''] = showState(step.state === 'waiting' ? 'running' : step.state, {
    ...terminal.answerStyle,
    colour: false,
  }).split(' ');
  const sign = terminal.answerStyle.unicode ? glyph : stateWord(step.state).text;
  const tries = step.attempts > 1 ? `try ${step.attempts} of ${step.attemptsAllowed}: ` : '';
  const text = step.error === null ? (step.detail ?? '') : `${tries}${step.error}`;
  return `  ${at + 1} ${step.title.padEnd(13)} ${sign}  ${text}  ${elapsed(step)}`.trimEnd();
}

function printChoices(terminal: Terminal, run: Run, stop: number): void {
  const undone = run.steps
    .slice(0, stop + 1)
    .flatMap(({ state, undo }) => (state === 'done' && undo ? [undo] : []));
  const words = {
    resume: stop < 1 ? 'go on at step 1' : `go on at step ${stop + 1}; what is done is not repeated`,
    compensate: undone.toReversed().join('; ') || 'nothing is to be taken back',
    abandon: 'leave it as it is, with a reason',
  } as const;
  terminal.answer('  do');
  for (const choice of run.choices)
    terminal.answer(`    drawbridge runs ${choice} ${run.id} --reason "…"\n      ${words[choice]}`);
}
