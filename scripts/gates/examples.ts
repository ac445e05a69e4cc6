import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Gate, runProgram } from '../support/gate.ts';
import { files, read, root } from '../support/workspace.ts';

/** One ```ts block of a document or a TSDoc comment. */
export interface Example {
  readonly file: string;
  /** Line of its first line of code. */
  readonly line: number;
  readonly code: string;
}

const folder = join(root, 'node_modules/.cache/drawbridge-examples');

/** Every example in comments and documents compiles against the packages as they are. */
export const examples: Gate = {
  name: 'examples',
  run: async () => {
    const found = files(
      'packages/*/src/**/*.ts',
      'apps/*/src/**/*.ts',
      '*.md',
      'docs/**/*.md',
      'packages/*/*.md',
    ).flatMap((file) => examplesOf(file, read(file)));
    if (found.length === 0) return ['no example was found at all: the search is broken'];
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const [at, { code }] of found.entries())
      writeFileSync(join(folder, `${at}.ts`), `${code}\nexport {};\n`);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const { code, output } = await runProgram('tsc', ['-p', folder, '--pretty', 'false']);
    return code === 0 ? [] : output.split('\n').map((line) => toSource(line, found));
  },
};

const config = {
  extends: join(root, 'tsconfig.base.json'),
  // Examples stop where the reader has seen enough: what they make may be left unused.
  compilerOptions: {
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    typeRoots: [join(root, 'node_modules/@types')],
  },
  include: ['*.ts'],
};

/** The examples of a text; in a comment each line loses its leading asterisk. */
export function examplesOf(file: string, text: string): Example[] {
  const isMarkdown = file.endsWith('.md');
  const open = isMarkdown ? /^\s*```ts$/ : /^\s*\* ```ts$/;
  const close = isMarkdown ? /^\s*```$/ : /^\s*\* ```$/;
  const found: Example[] = [];
  let begun: { line: number; code: string[] } | undefined;
  for (const [at, line] of text.split('\n').entries()) {
    if (!begun && open.test(line)) begun = { line: at + 2, code: [] };
    else if (begun && close.test(line)) {
      found.push({ file, line: begun.line, code: begun.code.join('\n') });
      begun = undefined;
    } else begun?.code.push(isMarkdown ? line : line.replace(/^\s*\* ?/, ''));
  }
  return found;
}

/** Names the document and line that a compiler's complaint is about. */
function toSource(complaint: string, found: readonly Example[]): string {
  const [, number, line, rest] = /(\d+)\.ts\((\d+),\d+\): (.*)$/.exec(complaint) ?? [];
  const example = number === undefined ? undefined : found[Number(number)];
  return example ? `${example.file}:${example.line + Number(line) - 1} ${rest}` : complaint;
}
