import { setTimeout as sleep } from 'node:timers/promises';
import { DrawbridgeError } from '@drawbridge/kit';
import type { DirectoryClient, Run, Step } from './client/index.ts';
import type { Context } from './context.ts';
import { duration, type Mark, startWait } from './terminal/index.ts';

const pollMs = 100;
const over = new Set(['done', 'waiting', 'attention', 'quarantined', 'compensated', 'abandoned']);

/** Shows the steps of a run as they happen, until it is over or waits for a person. */
export async function followRun(context: Context, client: DirectoryClient, started: Run): Promise<Run> {
  const { terminal, signal } = context;
  const shown = new Map<string, string>();
  const wait = startWait(terminal, 'starting');
  let run = started;
  try {
    for (;;) {
      for (const step of run.steps) showStep(context, step, shown, () => wait.end());
      if (over.has(run.state)) return run;
      wait.update(waitingFor(run));
      await sleep(pollMs, undefined, { signal });
      run = await client.getRun(run.id);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new DrawbridgeError('canceled', {
      message: 'No longer waiting; the run goes on without you.',
      fix: `drawbridge runs show ${run.id}`,
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
export function markOf(state: string): Mark | undefined {
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

export function elapsed({ startedAt, finishedAt }: Step): string {
  return startedAt && finishedAt ? duration(Date.parse(finishedAt) - Date.parse(startedAt)) : '';
}

function waitingFor(run: Run): string {
  const step =
    run.steps.find(({ state }) => state === 'running' || state === 'waiting') ??
    run.steps.find(({ state }) => state === 'pending');
  if (!step) return 'finishing';
  return step.state === 'waiting' ? `${step.title}: next try ${step.nextTryAt ?? 'soon'}` : step.title;
}
