import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

const dist = join(import.meta.dirname, '../dist');
const kiB = 1_024;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

/** Everything that the browser fetches before it can draw a page: the entry, the page, and what both import. */
function firstLoad(page: string): { readonly scripts: number; readonly styles: number } {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    Chunk
  >;
  const scripts = new Set<string>();
  const styles = new Set<string>();
  const add = (name: string) => {
    const chunk = manifest[name];
    if (!chunk || scripts.has(chunk.file)) return;
    scripts.add(chunk.file);
    for (const style of chunk.css ?? []) styles.add(style);
    chunk.imports?.forEach(add);
  };
  add('index.html');
  add(page);
  return { scripts: sizeOf(scripts), styles: sizeOf(styles) };
}

function sizeOf(files: ReadonlySet<string>): number {
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0);
}

it.each(['overview', 'users', 'user', 'runs', 'run'])(
  'the page %s loads at most 200 kB of scripts and 40 kB of styles',
  (page) => {
    const { scripts, styles } = firstLoad(`src/pages/${page}/index.ts`);
    expect(scripts).toBeGreaterThan(50 * kiB);
    expect(scripts).toBeLessThanOrEqual(200 * 1_000);
    expect(styles).toBeLessThanOrEqual(40 * 1_000);
  },
);

it('the built page has no inline script and no inline style, which the content policy would refuse', () => {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
});
