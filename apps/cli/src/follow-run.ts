import { DrawbridgeError } from '@drawbridge/kit';
import { type Directory, follow, type Run, type Step } from './client/index.ts';
import type { Context } from './context.ts';
import { duration, type Mark, startWait } from './terminal/index.ts';

const over: ReadonlySet<Run['state']> = new Set([
  'done',
  'waiting',
  'attention',
  'quarantined',
  'compensated',
  'abandoned',
]);

/** Whether nothing more happens to a run by itself, but for what comes with the first sign-in. */
export function isOver({ state }: Pick<Run, 'state'>): boolean {
  return over.has(state);
}

/**
 * Shows the steps of a run as they happen, until it is over or waits for a person.
 *
 * @param changed called with the run at each change
 */
export async function followRun(
  context: Context,
  directory: Directory,
  started: Run,
  changed: (run: Run) => void = () => undefined,
): Promise<Run> {
  const { terminal, signal } = context;
  const shown = new Map<string, string>();
  const wait = startWait(terminal, 'starting');
  let run = started;
  const { id, organizationId } = started;
  try {
    // One that is over already needs no stream.
    if (!isOver(run)) {
      for await (const _news of follow(directory, { kind: 'run', id, organizationId }, signal)) {
        run = await directory.call('GET /api/runs/{id}', { params: { id } });
        changed(run);
        for (const step of run.steps) showStep(context, step, shown, () => wait.end());
        if (isOver(run)) return run;
        wait.update(waitingFor(run));
      }
    }
    for (const step of run.steps) showStep(context, step, shown, () => wait.end());
    return run;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new DrawbridgeError('canceled', {
      message: 'No longer waiting; the run goes on without you.',
      fix: `drawbridge runs watch ${id}`,
      cause: error,
    });
  } finally {
    wait.end();
  }
}

/** Prints a step once it has an end, and each retry once. */
function showStep(context: Context, step: Step, shown: Map<string, string>, before: () => void): void {
  const now = `${step.state}/${step.state === 'waiting' ? step.attempts : ''}`;
  const mark = markOf(step.state);
  if (!mark || shown.get(step.name) === now) return;
  shown.set(step.name, now);
  before();
  const detail =
    step.state === 'waiting'
      ? `attempt ${step.attempts}: ${step.error ?? ''}`
      : (step.error ?? step.detail ?? '');
  context.terminal.mark(mark, [step.title, detail], elapsed(step));
}

/** How a step's state is drawn; nothing for one that has not ended. */
function markOf(state: Step['state']): Mark | undefined {
  switch (state) {
    case 'done':
      return 'ok';
    case 'late':
    case 'waiting':
      return 'wait';
    case 'attention':
    case 'quarantined':
      return 'fail';
    case 'compensated':
      return 'skip';
    default:
      return undefined;
  }
}

/** How long a step took, where it is over. */
export function elapsed({ startedAt, finishedAt }: Pick<Step, 'startedAt' | 'finishedAt'>): string {
  return startedAt && finishedAt ? duration(Date.parse(finishedAt) - Date.parse(startedAt)) : '';
}

function waitingFor(run: Run): string {
  const at = run.steps.findIndex(
    ({ state }) => state === 'running' || state === 'waiting' || state === 'pending',
  );
  const step = run.steps[at];
  if (!step) return 'finishing';
  const where = `step ${at + 1} of ${run.steps.length}, ${step.title}`;
  if (step.state !== 'waiting' || step.nextTryAt === null) return where;
  const seconds = Math.max(0, Math.ceil((Date.parse(step.nextTryAt) - Date.now()) / 1_000));
  return `${where}: attempt ${step.attempts} failed, next in ${seconds} s`;
}
