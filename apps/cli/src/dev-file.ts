import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrawbridgeError, paths, writeFileAtomic } from '@drawbridge/kit';

/** What `drawbridge dev` brought up, as `dev.json` in its data folder and as its `ready` line. */
export interface DevFile {
  readonly issuer: string;
  readonly directory: string;
  /** Path of the directory's own service-account key, mode 0600. */
  readonly serviceAccountKey: string;
  readonly organizationId: string;
  readonly projectId: string;
  /** URL of the emulated OpenBao. */
  readonly openbao: string;
  /** Path of the file with its root token, mode 0600. */
  readonly openbaoRootTokenPath: string;
  /** URL of the emulated NetBird. */
  readonly netbird?: string;
  /** Path of the file with a token of it, mode 0600. */
  readonly netbirdTokenPath?: string;
  /** The application that people sign in to with the command. */
  readonly deviceClientId: string;
  /** URL of the virtual identity API of Kubernetes. */
  readonly apiserver: string;
  /** Path of a kubeconfig for it, mode 0600. */
  readonly kubeconfig: string;
  readonly demo: { readonly loginName: string; readonly password: string };
}

/** The folder `dev` keeps everything in. */
export function devFolder(env: NodeJS.ProcessEnv, chosen?: string): string {
  return chosen ?? join(paths({ env }).data, 'dev');
}

const name = 'dev.json';

/** Reads what a `dev` on this machine wrote, if there was one. */
export async function readDevFile(folder: string): Promise<DevFile | undefined> {
  const path = join(folder, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DrawbridgeError('file_unreadable', { where: path, cause });
  }
  try {
    return JSON.parse(text) as DevFile;
  } catch (cause) {
    throw new DrawbridgeError('file_unreadable', {
      message: 'dev.json is not JSON.',
      where: path,
      fix: 'Start drawbridge dev again; it writes the file anew.',
      cause,
    });
  }
}

/** Writes `dev.json`, for the owner only: it holds the demo user's password. */
export async function writeDevFile(folder: string, content: DevFile): Promise<string> {
  const path = join(folder, name);
  await writeFileAtomic(path, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  return path;
}
