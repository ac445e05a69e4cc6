import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The workspace's root folder. */
export const root = join(import.meta.dirname, '../..');

/** Files of the workspace that match, relative to its root and sorted; nothing installed or built. */
export function files(...patterns: readonly string[]): string[] {
  return globSync([...patterns], {
    cwd: root,
    exclude: (name) => ['node_modules', 'dist', '.git', 'coverage'].includes(name),
  }).toSorted();
}

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(read(join(folder, 'package.json'))) as Manifest;
}

/** Folders that are npm workspaces with sources, from the bottom of the house to its top. */
export const layers = [
  'packages/kit',
  'packages/netbird',
  'packages/openbao',
  'packages/zitadel',
  'packages/emulators',
  'packages/config',
  'packages/events',
  'packages/directory',
  'packages/kubernetes',
  'packages/stack',
  'apps/console',
  'apps/cli',
].filter((folder) => existsSync(join(root, folder, 'package.json')));
