import { readFile } from 'node:fs/promises';
import type { Context } from '../context.ts';

/** `drawbridge version` */
export async function printVersion(context: Context): Promise<void> {
  // The file lies one folder up both from src/commands.. in a clone and from dist/ in a package.
  const version = await readVersion();
  if (context.terminal.json) {
    context.terminal.document({
      schema: 'drawbridge.version/v1',
      version,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    });
  } else
    context.terminal.answer(
      `drawbridge ${version}  node ${process.versions.node}  ${process.platform}-${process.arch}`,
    );
}

async function readVersion(): Promise<string> {
  for (const up of ['../package.json', '../../package.json']) {
    try {
      const found = JSON.parse(await readFile(new URL(up, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (found.name === 'drawbridge' && found.version) return found.version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return 'unknown';
}
