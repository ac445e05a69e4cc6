import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { files, read, root } from '../support/workspace.ts';

const pages = files('*.md', 'docs/**/*.md');

it('links between pages lead to files and headings that there are', () => {
  const broken = pages.flatMap((page) =>
    linksOf(page).flatMap(({ target, anchor, text }) =>
      existsSync(join(root, target)) && (anchor === undefined || anchorsOf(target).has(anchor))
        ? []
        : [`${page} ${text}`],
    ),
  );
  expect(pages.length).toBeGreaterThan(20);
  expect(broken).toEqual([]);
});

it('every page is led to by another', () => {
  const led = new Set(pages.flatMap((page) => linksOf(page).map(({ target }) => target)));
  // A folder's README is what its folder shows.
  const alone = pages.filter((page) => page.startsWith('docs/') && !led.has(page) && !led.has(dirname(page)));
  expect(alone).toEqual([]);
});

function linksOf(page: string) {
  return [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, text = '']) => {
    if (/^[a-z]+:/.test(text)) return [];
    const [path = '', anchor] = text.split('#');
    return [{ text, anchor, target: path === '' ? page : join(dirname(page), path).replace(/\/$/, '') }];
  });
}

/** Headings as GitHub names them. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = withoutCode(read(page)).matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^\s*```[\s\S]*?^\s*```/gm, '');
}
