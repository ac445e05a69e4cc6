import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { insideComplaint, packageComplaint } from '../gates/boundaries.ts';
import { documentedCodes } from '../gates/errors.ts';
import { examplesOf } from '../gates/examples.ts';
import { isAccepted } from '../gates/licences.ts';
import { complaintsOf } from '../gates/workplace.ts';
import { numbersOf, titlesOf } from '../generate/requirements-page.ts';
import { runProgram, unlisted } from '../support/gate.ts';
import { importsOf } from '../support/imports.ts';
import { root } from '../support/workspace.ts';

describe('boundaries', () => {
  const rank = new Map([
    ['@drawbridge/kit', 0],
    ['@drawbridge/zitadel', 1],
    ['drawbridge', 2],
  ]);

  it('let imports go down only, and through the front door', () => {
    expect(packageComplaint('@drawbridge/kit', 1, rank)).toBeUndefined();
    expect(packageComplaint('jose', 0, rank)).toBeUndefined();
    expect(packageComplaint('@drawbridge/zitadel', 0, rank)).toContain('above');
    expect(packageComplaint('drawbridge', 1, rank)).toContain('above');
    expect(packageComplaint('@drawbridge/kit/src/log', 1, rank)).toContain('front door');
    expect(packageComplaint('@drawbridge/nothing', 1, rank)).toContain('not a package');
  });

  it('keep files in their package, and folders behind their index', () => {
    const from = 'packages/kit/src/http/client.ts';
    const check = (specifier: string) => insideComplaint('packages/kit', from, specifier);
    expect(check('./budget.ts')).toBeUndefined();
    expect(check('../errors/index.ts')).toBeUndefined();
    expect(check('../index.ts')).toBeUndefined();
    expect(check('../errors/error.ts')).toContain('front door');
    expect(check('../../../zitadel/src/index.ts')).toContain('leaves its package');
    expect(
      insideComplaint('packages/kit', 'packages/kit/test/a/b.test.ts', '../support/c.ts'),
    ).toBeUndefined();
    const above = (from: string) =>
      insideComplaint('packages/events', from, '../../kit/test/support/authority.ts');
    expect(above('packages/events/test/a.test.ts')).toBeUndefined();
    expect(above('packages/events/src/a.ts')).toContain('leaves its package');
  });

  it('find every form of import but none in a comment', () => {
    const source = `/** import x from 'comment'; */
import 'effect';
import type { A } from "types";
export * from './all.ts';
const lazy = await import('lazy');
const text = "import from nowhere";`;
    expect(importsOf(source).map(({ specifier, line }) => `${line} ${specifier}`)).toEqual([
      '2 effect',
      '3 types',
      '4 ./all.ts',
      '5 lazy',
    ]);
  });
});

describe('dead code', () => {
  it('an import that a package does not list is found, though the root has it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'knip-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const a = join(folder, 'packages/a');
    await mkdir(join(a, 'src'), { recursive: true });
    await cp(join(root, 'knip.jsonc'), join(folder, 'knip.jsonc'));
    const workspace = {
      name: 'w',
      private: true,
      workspaces: ['packages/*'],
      devDependencies: { jose: '6.2.17' },
    };
    await writeFile(join(folder, 'package.json'), JSON.stringify(workspace));
    await writeFile(join(a, 'package.json'), JSON.stringify({ name: 'a', exports: './src/index.ts' }));
    await writeFile(join(a, 'src/index.ts'), `import { SignJWT } from 'jose';\nexport const a = SignJWT;\n`);
    const { code, output } = await runProgram('knip', [...unlisted, '--directory', folder]);
    expect(code).toBe(1);
    expect(output).toMatch(/Unlisted dependencies[\s\S]*jose\s+packages\/a\/src\/index\.ts/);
  });
});

describe('examples', () => {
  it('are found in comments and documents with their lines', () => {
    const comment = [
      '/**',
      ' * @example',
      ' * ```ts',
      ' * const a = 1;',
      ' *',
      ' * use(a);',
      ' * ```',
      ' */',
    ].join('\n');
    expect(examplesOf('a.ts', comment)).toEqual([{ file: 'a.ts', line: 4, code: 'const a = 1;\n\nuse(a);' }]);
    const page = 'text\n```ts\nconst b = 2;\n```\n```sh\nnot this\n```\n';
    expect(examplesOf('a.md', page)).toEqual([{ file: 'a.md', line: 3, code: 'const b = 2;' }]);
  });
});

describe('the rest', () => {
  it('reads requirement numbers at the head of a title only', () => {
    expect(numbersOf('S10, S11 and F2 the assertion')).toEqual(['S10', 'S11', 'F2']);
    expect(numbersOf('proves S10')).toEqual([]);
    expect(titlesOf(`it('S1 a "b" c', …); it("F3 d", …); it('other', …)`)).toEqual(['S1 a "b" c', 'F3 d']);
  });

  it('reads the codes that comments promise', () => {
    const text =
      ' * @throws {DrawbridgeError} `not_found` when `x` is gone, `zitadel_failed`\n `other_thing`';
    expect(documentedCodes(text)).toEqual(['not_found', 'zitadel_failed']);
  });

  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND ISC', true],
    ['MIT AND GPL-3.0', false],
    ['AGPL-3.0-only', false],
    [undefined, false],
  ])('licence %s: %s', (expression, expected) => {
    expect(isAccepted(expression)).toBe(expected);
  });

  it('finds paths of a workplace, and not those of a program', () => {
    const home = ['', 'home', 'ada', 'src'].join('/');
    expect(complaintsOf('a.md', `see ${home}/a.ts`)).toHaveLength(1);
    expect(complaintsOf('a.md', 'see https://a.example/home/ada/x or ~/src')).toHaveLength(0);
    expect(complaintsOf('a.md', '/var/lib/drawbridge')).toHaveLength(0);
  });
});
