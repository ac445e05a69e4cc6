import { open } from 'node:fs/promises';
import { DrawbridgeError } from '../errors/index.ts';
import { type Logger, silentLogger } from '../log/index.ts';
import { Secret } from '../secret/index.ts';
import { translateFileError } from './translate.ts';

export interface PrivateFileOptions {
  /** Told when the file is open to others. Default: nobody. */
  readonly logger?: Logger;
  /** Larger files are refused, in bytes. Default 1 MiB. */
  readonly maxBytes?: number;
}

export interface PrivateFile {
  readonly content: Secret;
  /** Whether accounts other than the owner may read or write it. Always false on Windows, which has no such bits. */
  readonly exposed: boolean;
}

/**
 * Reads a file that holds a secret. A file that others on this machine may read is still read, since mounted secrets of
 * Kubernetes often are; it is said once, as a warning.
 *
 * @throws {DrawbridgeError} `file_unreadable` when it cannot be read or is too large
 * @example
 * ```ts
 * import { readPrivateFile } from '@drawbridge/kit';
 *
 * const { content, exposed } = await readPrivateFile('key.json');
 * if (exposed) console.log('chmod 600 key.json');
 * console.log(content.expose().length);
 * ```
 */
export async function readPrivateFile(path: string, options: PrivateFileOptions = {}): Promise<PrivateFile> {
  const { logger = silentLogger, maxBytes = 1024 * 1024 } = options;
  try {
    const file = await open(path, 'r');
    try {
      // Mode and content come from one open file, so that they cannot belong to two.
      const { mode, size } = await file.stat();
      if (size > maxBytes) {
        throw new DrawbridgeError('file_unreadable', {
          message: `${path} is too large for what it should hold.`,
          where: path,
          saw: `${size} bytes`,
        });
      }
      const exposed = process.platform !== 'win32' && (mode & 0o077) !== 0;
      if (exposed) logger.warn({ path }, 'file with a secret is open to other accounts; use mode 0600');
      return { content: new Secret(await file.readFile('utf8')), exposed };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw translateFileError(error, path, 'file_unreadable');
  }
}
