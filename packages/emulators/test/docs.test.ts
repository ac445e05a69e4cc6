import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { switchableQuirks, zitadelContract } from '@drawbridge/emulators';
import { describe, expect, it } from 'vitest';

const sources = fileURLToPath(new URL('../src/zitadel/', import.meta.url));
const document = fileURLToPath(new URL('../../../docs/emulator/quirks.md', import.meta.url));

/** A statement of the emulator's source about upstream, and where it comes from. */
interface Citation {
  readonly statement: string;
  readonly upstream: readonly string[];
  readonly file: string;
}

const upstreamFile = /\b(?:internal|cmd|pkg|proto)\/[\w./{},*-]*[\w}*]/g;

/** Comments that name a file or an issue of upstream, in the order of files and lines. */
function citations(): readonly Citation[] {
  return globSync('**/*.ts', { cwd: sources })
    .toSorted()
    .flatMap((file) => {
      const text = readFileSync(sources + file, 'utf8');
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
      / \((?:[^()]*(?:internal|cmd|pkg|proto)\/|(?:issue )?zitadel#)[^()]*(?:\([^()]*\)[^()]*)*\)/g,
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
  const cited = citations()
    .filter(({ statement }) => !statement.startsWith('Quirk `'))
    .map(
      ({ statement, upstream, file }) =>
        `| ${statement} | ${[...new Set(upstream)].map((one) => `\`${one}\``).join(', ')} | \`${file}\` |`,
    );
  return `# Quirks of the emulated Zitadel

Made from the sources of \`packages/emulators\` by its test \`docs.test.ts\`, which fails when this page is stale
(\`vitest run packages/emulators/test/docs.test.ts -u\` writes it anew). Versions are Zitadel 4.13.1 unless said otherwise.

## Quirks with a switch

All are on at first, as they are in the version the emulator follows. \`emulator.controls.set({ quirks: { … } })\`, the page at
\`/\` or \`POST /emulator/controls\` turns them.

| switch | what happens while it is on | issue | upstream source | seen in |
|---|---|---|---|---|
${switches.join('\n')}

## Quirks that the contract proves

The contract (\`zitadelContract\`) runs on the emulator in every test run, and on a real instance where one is given.

| no. | what holds |
|---|---|
${proved.join('\n')}

And, without a number:

${others.join('\n')}

## What the sources say, and where it comes from

| behaviour | upstream source | emulated in |
|---|---|---|
${cited.join('\n')}
`;
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
