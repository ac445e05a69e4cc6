import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { netbirdContract, openbaoContract, switchableQuirks, zitadelContract } from '@drawbridge/emulators';
import { describe, expect, it } from 'vitest';

const sourcesOf = (system: string) => fileURLToPath(new URL(`../src/${system}/`, import.meta.url));
const sources = sourcesOf('zitadel');
const document = fileURLToPath(new URL('../../../docs/emulator/quirks.md', import.meta.url));

/** A statement of the emulator's source about upstream, and where it comes from. */
interface Citation {
  readonly statement: string;
  readonly upstream: readonly string[];
  readonly file: string;
}

/** Top folders of the systems' sources. */
const upstreamFolders = {
  zitadel: 'internal|cmd|pkg|proto',
  netbird: 'management|shared|idp',
  openbao: 'vault|http|sdk|builtin|helper',
} as const;

/** Comments that name a file or an issue of upstream, in the order of files and lines. */
function citations(system: keyof typeof upstreamFolders): readonly Citation[] {
  const folder = sourcesOf(system);
  const upstreamFile = new RegExp(`\\b(?:${upstreamFolders[system]})/[\\w./{},*-]*[\\w}*]`, 'g');
  return globSync('**/*.ts', { cwd: folder })
    .toSorted()
    .flatMap((file) => {
      const text = readFileSync(folder + file, 'utf8');
      const comments = [...text.matchAll(/\/\*\*([\s\S]*?)\*\/|(?:^[ \t]*\/\/.*\n)+/gm)].map(([all]) =>
        all
          .replace(/^\s*(?:\/\*\*|\*\/|\*|\/\/)/gm, ' ')
          .replace(/\*\/$/, '')
          .replace(/\s+/g, ' ')
          .trim(),
      );
      return comments.flatMap((comment) => {
        const upstream = [...(comment.match(upstreamFile) ?? []), ...(comment.match(/zitadel#\d+/g) ?? [])];
        return upstream.length === 0 ? [] : [{ statement: statementOf(comment), upstream, file }];
      });
    });
}

/** The first sentence, without where it comes from. */
function statementOf(comment: string): string {
  const plain = comment
    .replace(/@(?:param|throws|example|see)[\s\S]*$/, '')
    .replace(/\{@link (\w+)\}/g, '$1')
    .replace(
      / \((?:[^()]*(?:internal|cmd|pkg|proto|management|shared|idp|vault|http|sdk|builtin|helper)\/|(?:issue )?zitadel#)[^()]*(?:\([^()]*\)[^()]*)*\)/g,
      '',
    )
    .replaceAll('|', '\\|')
    .trim();
  return (/^.*?\.(?= [A-Z`]|$)/.exec(plain)?.[0] ?? `${plain.replace(/[.,:;]$/, '')}.`).trim();
}

function quirksPage(): string {
  const switches = Object.entries(switchableQuirks).map(
    ([name, { what, issue, source, versions }]) =>
      `| \`${name}\` | ${what} | ${issue} | \`${source}\` | ${versions} |`,
  );
  const proved = zitadelContract
    .filter(({ quirk }) => quirk !== undefined)
    .toSorted((a, b) => (a.quirk ?? 0) - (b.quirk ?? 0))
    .map(({ name, quirk }) => `| ${quirk} | ${name} |`);
  const others = zitadelContract.filter(({ quirk }) => quirk === undefined).map(({ name }) => `- ${name}`);
  return `# Quirks of the emulators

Made from the sources of \`packages/emulators\` by its test \`docs.test.ts\`, which fails when this page is stale
(\`vitest run packages/emulators/test/docs.test.ts -u\` writes it anew). Versions are Zitadel 4.13.1, NetBird 0.77.1 and OpenBao 2.6.2 unless
said otherwise.

## Zitadel

### Quirks with a switch

All are on at first, as they are in the version the emulator follows. \`emulator.controls.set({ quirks: { … } })\`, the page at
\`/\` or \`POST /emulator/controls\` turns them.

| switch | what happens while it is on | issue | upstream source | seen in |
|---|---|---|---|---|
${switches.join('\n')}

### Quirks that the contract proves

The contract (\`zitadelContract\`) runs on the emulator in every test run, and on a real instance where one is given.

| no. | what holds |
|---|---|
${proved.join('\n')}

And, without a number:

${others.join('\n')}

### What the sources say, and where it comes from

${citedTable('zitadel')}

## NetBird

### Quirks that the contract proves

The contract (\`netbirdContract\`) runs on the emulator in every test run, and on a real server where one is given.

| no. | what holds | upstream source |
|---|---|---|
${numbered(netbirdContract)}

And, without a number:

${unnumbered(netbirdContract)}

### What the sources say, and where it comes from

${citedTable('netbird')}

## OpenBao

### Quirks that the contract proves

The contract (\`openbaoContract\`) runs on the emulator in every test run, and on a real server where one is given.

| no. | what holds | upstream source |
|---|---|---|
${numbered(openbaoContract)}

And, without a number:

${unnumbered(openbaoContract)}

### What the sources say, and where it comes from

${citedTable('openbao')}
`;
}

/** One case of a contract, whosever it is. */
interface Proved {
  readonly name: string;
  readonly quirk?: number;
  readonly source: string;
}

function unnumbered(contract: readonly Proved[]): string {
  return contract
    .filter(({ quirk }) => quirk === undefined)
    .map(({ name, source }) => `- ${name} (\`${source}\`)`)
    .join('\n');
}

function numbered(contract: readonly Proved[]): string {
  return contract
    .flatMap(({ name, quirk, source }) =>
      quirk === undefined ? [] : `| ${quirk} | ${name} | \`${source}\` |`,
    )
    .join('\n');
}

function citedTable(system: keyof typeof upstreamFolders): string {
  const rows = citations(system)
    .filter(({ statement }) => !statement.startsWith('Quirk `'))
    .map(
      ({ statement, upstream, file }) =>
        `| ${statement} | ${[...new Set(upstream)].map((one) => `\`${one}\``).join(', ')} | \`${file}\` |`,
    );
  return ['| behaviour | upstream source | emulated in |', '|---|---|---|', ...rows].join('\n');
}

describe('docs/emulator/quirks.md', () => {
  it('says what the sources say', async () => {
    await expect(quirksPage()).toMatchFileSnapshot(document);
  });

  it('names an upstream source for every switch where the code asks for it', () => {
    const code = globSync('**/*.ts', { cwd: sources })
      .filter((file) => file !== 'quirks.ts')
      .map((file) => readFileSync(sources + file, 'utf8'))
      .join('\n');
    for (const [name, { issue, source }] of Object.entries(switchableQuirks)) {
      expect(code).toMatch(new RegExp(`\\.quirks\\.${name}|quirks\\.${name}`));
      expect(code).toContain(`Quirk \`${name}\`: issue ${issue}, ${source}`);
    }
  });
});
