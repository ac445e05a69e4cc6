import type { CheckResult } from '@drawbridge/zitadel';
import { type Terminal, wrap } from '../../terminal/index.ts';

/** Where the text of a line begins: after the glyph and the name of the check. */
const textIndent = 16;
const rowIndent = 10;
/** Advice that is a command stays whole: it is copied as one line. */
const command = /^(drawbridge|kubectl|sudo|chmod) /;

/** Prints what was found; with `all` also what is fine, and what there was nothing to look at for. */
export function report(terminal: Terminal, results: readonly CheckResult[], all: boolean): void {
  if (terminal.json) {
    terminal.document({ schema: 'drawbridge.doctor/v1', checks: results });
    return;
  }
  const broken = (text: string, indent: number) => wrap(text, terminal.answerColumns - indent);
  const row = (label: string, lines: readonly string[]) => {
    for (const [at, line] of lines.entries())
      terminal.answer(`  ${(at === 0 ? label : '').padEnd(rowIndent - 2)}${line}`);
  };
  for (const result of results) {
    if (!all && (result.state === 'ok' || result.state === 'skip')) continue;
    const [first = '', ...rest] = broken(result.text, textIndent);
    terminal.answer(terminal.line(result.state, [result.name, first]));
    for (const line of rest) terminal.answer(`${' '.repeat(textIndent)}${line}`);
    if ('means' in result && result.means) row('means', broken(result.means, rowIndent));
    if ('fix' in result && result.fix)
      row('do', command.test(result.fix) ? [result.fix] : broken(result.fix, rowIndent));
  }
  const [first = '', ...rest] = broken(`${summary(results)}.`, 0);
  const hint = all ? '' : '   --all lists';
  const last = rest.at(-1) ?? first;
  const fits = last.length + hint.length <= terminal.answerColumns;
  for (const line of [first, ...rest].slice(0, -1)) terminal.answer(line);
  terminal.answer(fits ? `${last}${hint}` : last);
  if (!fits) terminal.answer(hint.trim());
}

function summary(results: readonly CheckResult[]): string {
  const count = (state: CheckResult['state']) => results.filter((result) => result.state === state).length;
  const grounds = results.flatMap(({ ground }) => ground ?? []);
  const absent = count('skip') - grounds.length;
  return [
    `${count('fail')} failed`,
    `${count('warn')} warning${count('warn') === 1 ? '' : 's'}`,
    `${count('ok')} ok`,
    ...(grounds.length > 0 ? [`${grounds.length} skipped (see ${[...new Set(grounds)].join(', ')})`] : []),
    ...(absent > 0 ? [`${absent} not set up`] : []),
  ].join(', ');
}
