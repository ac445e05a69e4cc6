import { type Gate, runProgram } from '../support/gate.ts';
import { read } from '../support/workspace.ts';

/**
 * What belongs to a workplace and not to the project: absolute paths of the machine it was written on, and pointers to
 * papers that are not in the repository. Written so that this file does not find itself.
 */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.])\/(?:[w]ork|[r]oot|[h]ome\/\w+|[U]sers\/\w+)\/\w/, 'an absolute path of somebody’s machine'],
  [/\/tmp\/[b]rief/, 'a path of a workplace'],
  [
    /\b[D]ESIGN\.md\b|(?<![\w/])[r]eference\/\w+\.md|(?<![\w/])[s]eeds\//,
    'a paper that is not in the repository',
  ],
  [/\b(?:[c]laude|[c]opilot|[c]hatgpt|[a]nthropic|[o]penai)\b/i, 'a tool it was made with'],
];

export const workplace: Gate = {
  name: 'workplace',
  run: async () => {
    const { output } = await runProgram('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
    const texts = output
      .split('\n')
      .filter((file) => /\.(ts|tsx|js|cjs|json|md|ya?ml|css|html|sh)$|^\.ci\//.test(file));
    return texts
      .filter((file) => file !== 'package-lock.json')
      .flatMap((file) => complaintsOf(file, read(file)));
  },
};

/** The complaints about one text. */
export function complaintsOf(file: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, at) =>
      patterns.filter(([pattern]) => pattern.test(line)).map(([, what]) => `${file}:${at + 1} names ${what}`),
    );
}
