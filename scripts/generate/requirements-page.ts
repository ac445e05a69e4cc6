import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { files, read, root } from '../support/workspace.ts';
import { type Area, areas, type Requirement, requirements } from './requirements.ts';

/** A test that says by its title that it proves a requirement. */
export interface Proof {
  readonly file: string;
  readonly title: string;
}

/** The requirement numbers at the head of a test's title, as in `S10, S11 the assertion …`. */
export function numbersOf(title: string): string[] {
  const head = /^(?:[SF]\d{1,2}(?:, | and | )+)+/.exec(title)?.[0] ?? '';
  return head.match(/[SF]\d{1,2}/g) ?? [];
}

/** The titles of a test file that begin with requirement numbers. */
export function titlesOf(source: string): string[] {
  const titles = source.matchAll(/(['"`])([SF]\d{1,2}(?:, | and | )(?:(?!\1).)*)\1/g);
  return [...titles].map(([, , title]) => title ?? '').filter((title) => numbersOf(title).length > 0);
}

/** Requirement number → the tests that prove it. */
export function findProofs(): Map<string, Proof[]> {
  const proofs = new Map<string, Proof[]>();
  for (const file of files(
    '{packages,apps}/*/test/**/*.test.ts',
    'e2e/**/*.test.ts',
    'scripts/test/**/*.test.ts',
  )) {
    for (const title of titlesOf(read(file))) {
      for (const number of numbersOf(title))
        proofs.set(number, [...(proofs.get(number) ?? []), { file, title }]);
    }
  }
  return proofs;
}

function isBuilt(area: Area): boolean {
  return existsSync(join(root, areas[area].folder));
}

/** Requirements of parts that are built and that no test proves. */
export function unproved(proofs: ReadonlyMap<string, readonly Proof[]>): Requirement[] {
  return requirements.filter(({ id, area }) => isBuilt(area) && !proofs.has(id));
}

/** `docs/requirements.md`: each requirement with the tests that prove it. */
export function requirementsPage(): string {
  const proofs = findProofs();
  const built = requirements.filter(({ area }) => isBuilt(area));
  const planned = requirements.filter(({ area }) => !isBuilt(area));
  const proofCell = ({ id }: Requirement) =>
    (proofs.get(id) ?? [])
      .map(({ file, title }) => `\`${file}\`: ${title.replaceAll('|', '\\|')}`)
      .join('<br>');
  return `# Requirements

What this product must hold, and the tests that prove it. S1 to S61 follow from the standards and from what users of this field
suffer from; F1 to F16 are faults of the code that the Kubernetes part replaces, each of which must not come back.

This page is generated from \`scripts/generate/requirements.ts\` and the titles of the tests: a test that begins with a number proves
that requirement. Run \`node scripts/generate.ts\`; \`npm run check\` fails when the page is stale or a built part leaves one unproved.

## Built (${built.length})

| | requirement | proved by |
|---|---|---|
${built.map((row) => `| ${row.id} | ${row.text} | ${proofCell(row)} |`).join('\n')}

## Not yet built (${planned.length})

Tests named here prove the share of it that lower parts carry already.

| | area | requirement | proved so far |
|---|---|---|---|
${planned.map((row) => `| ${row.id} | ${areas[row.area].title} | ${row.text} | ${proofCell(row)} |`).join('\n')}
`;
}
