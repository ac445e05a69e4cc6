import { expect, it } from 'vitest';
import { stateWord } from '../../apps/cli/src/terminal/states.ts';
import { states } from '../../apps/console/src/parts/states.ts';

/** Only the page shows these: the command says a retry in its own line, and health by doctor. */
const pageOnly = new Set(['retrying', 'reachable', 'unreachable']);

it.each(Object.entries(states).filter(([name]) => !pageOnly.has(name)))(
  'the state %s has one word and one sign on the page and in the terminal',
  (name, { text, glyph }) => {
    expect(stateWord(name)).toMatchObject({ text: text.toLowerCase(), glyph });
  },
);
