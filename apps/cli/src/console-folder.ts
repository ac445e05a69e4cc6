import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where the built console is: beside the sources' workspace, or beside the bundled command. */
const candidates = ['../../console/dist', 'console'].map((path) => join(import.meta.dirname, path));

/** The console that came with this command, if there is one. */
export function builtConsole(): string | undefined {
  return candidates.find((path) => existsSync(join(path, 'index.html')));
}
