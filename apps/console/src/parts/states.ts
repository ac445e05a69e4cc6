import type { IconName } from './icon-names.ts';

/** Colour of a state; the stylesheet has one class for each. */
export type Tone = 'green' | 'grey' | 'orange' | 'blue' | 'accent' | 'red' | 'yellow';

export interface StateWord {
  readonly text: string;
  readonly tone: Tone;
  readonly icon: IconName;
  /** The same sign that the terminal shows. */
  readonly glyph: string;
  /** What it means for whoever reads it. */
  readonly meaning: string;
  readonly outline?: boolean;
}

/** Every state of users, runs, steps, sweeps and imports in one vocabulary, which the command uses as well. */
export const states = {
  active: word('Active', 'green', 'check', '✓', 'May sign in at Zitadel and here.'),
  inactive: word('Inactive', 'grey', 'circleOff', '○', 'Cannot sign in until somebody activates it.'),
  inactive_elsewhere: word(
    'Inactive elsewhere',
    'grey',
    'circleOff',
    '○',
    'Deactivated in Zitadel’s console; activate it there.',
  ),
  locked: word(
    'Locked',
    'orange',
    'lock',
    '#',
    'Too many failed sign-ins, or locked by a person. It cannot sign in; unlock it in Zitadel’s console.',
  ),
  not_set_up: word(
    'Not set up',
    'blue',
    'mail',
    '…',
    'The invitation was sent and never used. It cannot be deactivated, only deleted.',
  ),
  waiting: outlined(
    'Waiting for first sign-in',
    'blue',
    'clock',
    '…',
    'Provisioned and fine. NetBird’s role and groups follow at the first sign-in.',
  ),
  initial: word(
    'Not set up',
    'blue',
    'mail',
    '…',
    'The invitation was sent and never used. It cannot be deactivated, only deleted.',
  ),
  blocked: word('Blocked', 'grey', 'circleOff', '○', 'NetBird lets none of its devices in.'),
  none: outlined('Not there', 'grey', 'minus', '–', 'This place does not know the person.'),
  queued: word('Queued', 'grey', 'clock', '…', 'A worker will take it up.'),
  running: word('Running', 'accent', 'dot', '⠼', 'Goes on by itself.'),
  retrying: word('Retrying', 'accent', 'dot', '⠼', 'The last attempt failed; the next comes by itself.'),
  attention: word('Needs attention', 'orange', 'hand', '!', 'It stopped; a person must choose.'),
  quarantined: word(
    'Quarantined',
    'red',
    'shieldX',
    'X',
    'The user came out in the wrong organization or belongs to someone else. Nothing touches it until a site administrator decides.',
  ),
  drifted: word('Drifted', 'yellow', 'notEqual', '≠', 'The places differ.'),
  braked: outlined(
    'Braked',
    'red',
    'handStop',
    '‖',
    'A sweep wants more than the limit. Nothing was deactivated; it waits for approval.',
  ),
  compensating: word('Undoing', 'accent', 'dot', '⠼', 'Step by step it is taken back.'),
  compensated: word('Compensated', 'grey', 'undo', '↶', 'Undone step by step.'),
  abandoned: word('Abandoned', 'grey', 'flag', '⚑', 'Left as it is, with a reason.'),
  unknown: outlined('Unknown', 'grey', 'question', '?', 'It could not be read.'),
  deleted: word('Deleted', 'grey', 'cross', '✗', 'It is gone.'),
  done: word('Done', 'green', 'check', '✓', 'Everything it set out to do is done.'),
  pending: word('Not reached', 'grey', 'minus', '–', 'Comes after the steps before it.'),
  late: outlined('Later', 'blue', 'clock', '…', 'Follows by itself at the first sign-in.'),
  failed: word('Failed', 'red', 'cross', '✗', 'It ended without doing what it should.'),
  approved: word('Approved', 'green', 'check', '✓', 'A person looked at it and let it go on.'),
  discarded: word('Discarded', 'grey', 'flag', '⚑', 'A person decided that nothing of it is done.'),
  reading: word('Reading', 'accent', 'dot', '⠼', 'The file is being read.'),
  checked: word('Checked', 'blue', 'check', '✓', 'The dry run is done; nothing was changed yet.'),
  stopping: word('Stopping', 'accent', 'dot', '⠼', 'The rows now running are finished first.'),
  stopped: word('Stopped', 'grey', 'flag', '⚑', 'Stopped by a person; what was done stays.'),
  refused: word('Refused', 'red', 'cross', '✗', 'The file cannot be used as it is.'),
  held: word('Held', 'red', 'handStop', '‖', 'Waits for approval.'),
  applied: word('Applied', 'green', 'check', '✓', 'Done.'),
  dropped: word('Dropped', 'grey', 'minus', '–', 'It had changed since, so that nothing was done.'),
  skipped: word('Skipped', 'grey', 'minus', '–', 'Not done, for the reason beside it.'),
  mapped: word('Mapped', 'green', 'check', '✓', 'Its people may sign in.'),
  unmapped: outlined('Unmapped', 'grey', 'circleOff', '○', 'Sign-in is closed.'),
  reachable: word('Reachable', 'green', 'check', '✓', 'It answered the last call.'),
  unreachable: word('Unreachable', 'red', 'cross', '✗', 'It did not answer.'),
} satisfies Record<string, StateWord>;

export type StateName = keyof typeof states;

function word(text: string, tone: Tone, icon: IconName, glyph: string, meaning: string): StateWord {
  return { text, tone, icon, glyph, meaning };
}

function outlined(text: string, tone: Tone, icon: IconName, glyph: string, meaning: string): StateWord {
  return { text, tone, icon, glyph, meaning, outline: true };
}

/** The word for a state as the API names it; one it does not know is shown as it came. */
export function stateWord(name: string): StateWord {
  if (Object.hasOwn(states, name)) return states[name as StateName];
  return outlined(name, 'grey', 'question', '?', 'This console does not know the state.');
}
