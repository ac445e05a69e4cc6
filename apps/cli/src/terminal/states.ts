import { paint, type Style } from './style.ts';

/** A state in words. Where only ASCII can be shown the word stands without its glyph. */
export interface StateWord {
  readonly text: string;
  readonly glyph: string;
  readonly colour: number;
}

const green = 32;
const grey = 90;
const yellow = 33;
const blue = 34;
const red = 31;
const accent = 36;

/** Every state of users, runs, steps, sweeps, imports and mappings: the words of the console, without capitals. */
const words: Readonly<Record<string, StateWord>> = {
  active: word('active', '✓', green),
  inactive: word('inactive', '○', grey),
  inactive_elsewhere: word('inactive elsewhere', '○', grey),
  locked: word('locked', '#', yellow),
  not_set_up: word('not set up', '…', blue),
  initial: word('not set up', '…', blue),
  waiting: word('waiting for first sign-in', '…', blue),
  blocked: word('blocked', '○', grey),
  none: word('not there', '–', grey),
  deleted: word('deleted', '✗', grey),
  unknown: word('unknown', '?', grey),
  queued: word('queued', '…', grey),
  running: word('running', '⠼', accent),
  compensating: word('undoing', '⠼', accent),
  attention: word('needs attention', '!', yellow),
  quarantined: word('quarantined', 'X', red),
  compensated: word('compensated', '↶', grey),
  abandoned: word('abandoned', '⚑', grey),
  done: word('done', '✓', green),
  failed: word('failed', '✗', red),
  pending: word('not reached', '–', grey),
  late: word('later', '…', blue),
  braked: word('braked', '‖', red),
  held: word('held', '‖', red),
  approved: word('approved', '✓', green),
  discarded: word('discarded', '⚑', grey),
  applied: word('applied', '✓', green),
  dropped: word('dropped', '–', grey),
  skipped: word('skipped', '–', grey),
  reading: word('reading', '⠼', accent),
  checked: word('checked', '✓', blue),
  stopping: word('stopping', '⠼', accent),
  stopped: word('stopped', '⚑', grey),
  refused: word('refused', '✗', red),
  mapped: word('mapped', '✓', green),
  unmapped: word('unmapped', '○', grey),
  drifted: word('drifted', '≠', yellow),
};

function word(text: string, glyph: string, colour: number): StateWord {
  return { text, glyph, colour };
}

/** The word for a state as the API names it; one that this version does not know is shown as it came. */
export function stateWord(name: string): StateWord {
  return words[name] ?? word(name, '?', grey);
}

/** Glyph and word of a state, coloured where that is wanted. */
export function showState(name: string, style: Style): string {
  const { text, glyph, colour } = stateWord(name);
  return paint(style.unicode ? `${glyph} ${text}` : text, colour, style);
}
