import type { Run, Step } from '../../api/index.ts';
import { capital, formatDuration, stateWord } from '../../parts/index.ts';

const sagas: Readonly<Record<string, string>> = {
  'create-user': 'Create user',
  'deactivate-user': 'Deactivate user',
  'activate-user': 'Activate user',
  'update-user': 'Change user',
  'delete-user': 'Delete user',
  'erase-user': 'Erase user',
  'map-organization': 'Map organization',
  'unmap-organization': 'Unmap organization',
  'invite-user': 'Send invitation',
};

/** What a run sets out to do, in words. */
export function runTitle(run: Pick<Run, 'saga' | 'title'>): string {
  if (run.title) return capital(run.title);
  const known = sagas[run.saga.replaceAll('_', '-')];
  if (known) return known;
  return capital(run.saga.replaceAll(/[-_]/g, ' '));
}

/** "step 4 of 6: memberships" while it runs, and where it stopped. */
export function runSentence(run: Run): string {
  const steps = run.steps;
  const at = steps.findIndex(({ state }) => isOpen(state));
  const step = steps[at];
  if (run.state === 'done' && run.saga.startsWith('deactivate')) return deniedAfter(run);
  if (!step || ['done', 'compensated', 'abandoned'].includes(run.state)) return stateWord(run.state).meaning;
  if (step.state === 'attention' || step.state === 'quarantined') {
    return `Stopped at step ${at + 1} of ${steps.length}, ${step.title}: ${run.reason ?? 'a person must choose.'}`;
  }
  return `Step ${at + 1} of ${steps.length}: ${step.title}`;
}

/** From the request until every place had it: so long the person could still get in. */
function deniedAfter({ createdAt, finishedAt, steps }: Run): string {
  const ends = steps.flatMap((step) => (step.finishedAt ? [Date.parse(step.finishedAt)] : []));
  const last = Math.max(...ends, finishedAt ? Date.parse(finishedAt) : 0);
  return `Denied after ${formatDuration(last - Date.parse(createdAt))}, in every place.`;
}

function isOpen(state: Step['state']): boolean {
  return !['done', 'compensated', 'late'].includes(state);
}
