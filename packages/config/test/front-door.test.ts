import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What a program loads with an import, relative to the workspace. */
async function loadedBy(specifier: string): Promise<readonly string[]> {
  const script = `
    import { registerHooks } from 'node:module';
    const seen = [];
    registerHooks({ load: (url, context, next) => { seen.push(url); return next(url, context); } });
    await import('${specifier}');
    process.stdout.write(JSON.stringify(seen));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@drawbridge/source', '--input-type=module', '-e', script],
    { cwd: fileURLToPath(new URL('../', import.meta.url)) },
  );
  return (JSON.parse(stdout) as string[])
    .filter((url) => url.startsWith('file:'))
    .map((url) => fileURLToPath(url).slice(root.length));
}

describe('what an import of the package brings along', () => {
  it.each(['@drawbridge/config', '@drawbridge/config/openbao'])(
    '%s: no client, no HTTP, no log library, nothing from others',
    async (specifier) => {
      const loaded = await loadedBy(specifier);
      expect(loaded.length).toBeGreaterThan(5);
      const light = /^packages\/(config\/src|kit\/src\/(core|clock|errors|files|log|secret))\//;
      expect(loaded.filter((file) => !light.test(file))).toEqual([]);
    },
  );

  it('the front door does without the store', async () => {
    const loaded = await loadedBy('@drawbridge/config');
    expect(loaded.filter((file) => file.startsWith('packages/config/src/openbao'))).toEqual([]);
  });
});
