import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { translateFileError } from './translate.ts';

export interface WriteOptions {
  /** Permissions of the new file. Default 0600: owner only. */
  readonly mode?: number;
}

/**
 * Replaces a file as a whole: whoever reads it sees the old content or the new one, and after this resolves the new one
 * survives a power cut. Missing folders are made, for the owner only (0700).
 *
 * @throws {DrawbridgeError} `file_unwritable` when the file or its folder cannot be written
 * @example
 * ```ts
 * import { writeFileAtomic } from '@drawbridge/kit';
 *
 * await writeFileAtomic('.drawbridge/session.json', JSON.stringify({ issuer: 'https://sso.acme.example' }));
 * ```
 */
export async function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const { default: replace } = await import('write-file-atomic');
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await replace(path, typeof data === 'string' ? data : Buffer.from(data), { mode: options.mode ?? 0o600 });
    await syncFolder(dirname(path));
  } catch (error) {
    throw translateFileError(error, path, 'file_unwritable');
  }
}

/** The rename is durable only once the folder that records it is. Windows cannot open a folder and needs none of this. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
