import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/program.ts';
import { commandsOf, type WrittenCommand } from './shell.ts';

const root = join(import.meta.dirname, '../../../..');
const pages = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: root })];
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const program = createProgram(
  { env: {}, stdin: process.stdin, stdout: process.stdout, stderr: process.stderr },
  new AbortController().signal,
);

describe('what pages say to type', () => {
  const written = pages.flatMap((page) => commandsOf(page, read(page)));

  it('is found in them', () => {
    expect(written.filter(({ whole }) => whole).length).toBeGreaterThan(30);
  });

  it('are commands and flags that there are, with what they need', () => {
    expect(written.flatMap(mistakesIn)).toEqual([]);
  });

  it.each([
    ['drawbridge usres list', 'there is no usres'],
    ['sudo drawbridge serve --prot 7703', 'serve has no --prot'],
    ['kubectl exec x -- node /app/apps/cli/dist/main.js serve --prot 1', 'serve has no --prot'],
    ['A=b npx drawbridge users create --org demo', 'users create needs <mail>'],
    ['x=$(drawbridge token --audience a b --nothing) # a remark', 'token has no --nothing'],
    ['drawbridge stack --demo --prune', 'stack up has no --prune'],
    ['drawbridge setup directory --issuer x', 'setup directory needs --admin'],
    ['drawbridge sync list extra > file', 'sync list takes no extra'],
    ['echo drawbridge nothing; docker build -t drawbridge .', undefined],
    ['drawbridge run --only a -- psql --nothing', undefined],
    ['drawbridge config set a b \\\n  --app shop', undefined],
  ])('a mistake is seen: %s', (line, mistake) => {
    const found = commandsOf('page', `\`\`\`sh\n${line}\n\`\`\``).flatMap(mistakesIn);
    expect(found).toEqual(mistake === undefined ? [] : [`page:2 ${mistake}`]);
  });
});

it('variables that pages name are read somewhere', () => {
  const sources = globSync(['{apps,packages}/*/{src,test}/**/*.ts', 'apps/console/*.ts', 'e2e/**/*.ts'], {
    cwd: root,
  })
    .map(read)
    .join('\n');
  const known = new Set([
    ...(sources.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g) ?? []),
    // Of a setting of the directory the variable follows from its name.
    ...[...sources.matchAll(/'([a-z]+\.[a-zA-Z]+)'/g)].map(([, key = '']) => variableOf(key)),
  ]);
  const unknown = pages.flatMap((page) =>
    (read(page).match(/\b(?:DRAWBRIDGE|HARMONY|OPENBAO|E2E)_[A-Z0-9_]*[A-Z0-9]\b/g) ?? [])
      // Values of a program's own configuration have names of its choice.
      .filter((name) => !name.startsWith('DRAWBRIDGE_CONFIG_') && !known.has(name))
      .map((name) => `${page} ${name}`),
  );
  expect(unknown).toEqual([]);
});

function variableOf(setting: string): string {
  return `DRAWBRIDGE_${setting
    .replaceAll(/[A-Z]/g, (letter) => `_${letter}`)
    .replace('.', '_')
    .toUpperCase()}`;
}

function mistakesIn({ page, line, words, whole }: WrittenCommand): readonly string[] {
  const mistake = mistakeOf(words, whole);
  return mistake === undefined ? [] : [`${page}:${line} ${mistake}`];
}

/** What the command line would say of these words. */
function mistakeOf(words: readonly string[], whole: boolean): string | undefined {
  let command = program;
  const positional: string[] = [];
  const given = new Set<string>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '…' || word === '\\') continue;
    if (word === '--') break;
    if (word === '-h' || word === '--help') return undefined;
    if (word.startsWith('-') && word !== '-') {
      command = defaultOf(command);
      const [flag = ''] = word.split('=');
      const option = command.options.find(({ long, short }) => flag === long || flag === short);
      if (!option) return `${nameOf(command)} has no ${flag}`;
      given.add(option.long ?? '');
      at += word.includes('=') ? 0 : valuesOf(option, words.slice(at + 1));
      continue;
    }
    const next = positional.length === 0 ? command.commands.find((one) => one.name() === word) : undefined;
    if (next) {
      command = next;
      continue;
    }
    // COMMAND stands for any of them.
    if (command.registeredArguments.length === 0 && /^[A-Z]+$/.test(word)) return undefined;
    if (command === program) return `there is no ${word}`;
    positional.push(word);
    const last = command.registeredArguments.at(-1);
    if (positional.length > command.registeredArguments.length && !last?.variadic)
      return `${nameOf(command)} takes no ${word}`;
    // What follows is another program's.
    if (last?.variadic) break;
  }
  if (!whole || command === program) return undefined;
  command = defaultOf(command);
  const missing =
    command.registeredArguments.find(({ required }, at) => required && positional[at] === undefined) ??
    command.options.find(({ mandatory, long }) => mandatory && !given.has(long ?? ''));
  if (!missing || words.includes('--')) return undefined;
  return `${nameOf(command)} needs ${'long' in missing ? missing.long : `<${missing.name()}>`}`;
}

/** How many of the words that follow are the option's values. */
function valuesOf({ required, optional, variadic }: Option, following: readonly string[]): number {
  const end = following.findIndex((word) => word.startsWith('-') && word !== '-');
  const most = end < 0 ? following.length : end;
  return variadic ? most : required ? 1 : optional ? Math.min(1, most) : 0;
}

/** A group that is itself called means one of its commands, where it has such a one. */
function defaultOf(command: Command): Command {
  const { _defaultCommandName: name } = command as unknown as { _defaultCommandName?: string | null };
  return command.commands.find((one) => one.name() === name) ?? command;
}

function nameOf(command: Command): string {
  const { parent } = command;
  return parent === null || parent === program ? command.name() : `${nameOf(parent)} ${command.name()}`;
}
