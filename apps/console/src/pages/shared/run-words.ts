import type { Run, Step } from '../../api/index.ts';
import { stateWord } from '../../parts/index.ts';

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
  if (run.title) return run.title;
  const known = sagas[run.saga.replaceAll('_', '-')];
  if (known) return known;
  const words = run.saga.replaceAll(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "step 4 of 6: memberships" while it runs, and where it stopped. */
export function runSentence(run: Run): string {
  const steps = run.steps ?? [];
  const at = steps.findIndex(({ state }) => isOpen(state));
  const step = steps[at];
  if (!step || ['done', 'compensated', 'abandoned'].includes(run.state)) return stateWord(run.state).meaning;
  return `Step ${at + 1} of ${steps.length}: ${step.title}`;
}

function isOpen(state: Step['state']): boolean {
  return !['done', 'compensated', 'late'].includes(state);
}
