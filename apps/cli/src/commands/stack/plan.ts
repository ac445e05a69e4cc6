import type { PlannedPart, StackSettings } from '@drawbridge/stack';
import { type Terminal, wrap } from '../../terminal/index.ts';

const signs: Readonly<Record<PlannedPart['action'], string>> = {
  make: '+',
  change: '~',
  start: '>',
  check: '?',
  keep: '=',
};
const words: Readonly<Record<PlannedPart['action'], string>> = {
  make: 'made',
  change: 'changed',
  start: 'started',
  check: 'looked at and finished',
  keep: 'there',
};

/** What would be done, a line a part, and what the signs mean. */
export function showPlan(
  terminal: Terminal,
  { name, issuer }: StackSettings,
  parts: readonly PlannedPart[],
): void {
  terminal.answer(`stack "${name}", ${issuer}`);
  for (const { phase, action, about, note } of parts) {
    const [first = '', ...rest] = wrap(note === undefined ? about : `${about} (${note})`, 80 - 13);
    terminal.answer(`${signs[action]} ${phase.padEnd(10)} ${first}`);
    for (const line of rest) terminal.answer(`${' '.repeat(13)}${line}`);
  }
  const used = [...new Set(parts.map(({ action }) => action))];
  terminal.answer(used.map((action) => `${signs[action]} ${words[action]}`).join('   '));
}
