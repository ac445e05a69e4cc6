import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './gate.ts';
import { root } from './workspace.ts';

const folder = join(root, 'apps/console');

/** Whether the built console is missing or older than anything it is made of. */
function isStale(): boolean {
  const built = statSync(join(folder, 'dist/index.html'), { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return true;
  const sources = globSync(['src/**/*.*', 'public/*', '*.{json,ts,html}'], { cwd: folder });
  return sources.some((file) => statSync(join(folder, file)).mtimeMs > built);
}

/**
 * Builds the console where it has changed since.
 *
 * @returns what Vite complained of; nothing when it is built
 */
export async function buildConsole(): Promise<string | undefined> {
  if (!isStale()) return undefined;
  const { code, output } = await runProgram(
    'vite',
    ['build', 'apps/console', '--logLevel', 'warn'],
    // Whoever builds: tests set another value, with which React would be its slow, talkative self.
    { NODE_ENV: 'production' },
  );
  return code === 0 ? undefined : output;
}
