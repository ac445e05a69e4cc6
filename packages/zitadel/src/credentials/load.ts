import { open } from 'node:fs/promises';
import { DrawbridgeError, type Logger, silentLogger } from '@drawbridge/kit';
import { type ApplicationKey, parseApplicationKey } from './application.ts';
import type { ServiceAccount } from './credentials.ts';
import { parseServiceAccount } from './parse.ts';

const largestFile = 64 * 1024;

/** What loading a key file may be told. */
export interface LoadOptions {
  /** Told when others on this machine may read the file. Default: nobody. */
  readonly logger?: Logger;
  /** `process.platform`; Windows has no file modes to check. */
  readonly platform?: NodeJS.Platform;
}

/**
 * Loads a service-account key file. A file that others than its owner may read is used, with a warning: containers mount
 * keys that way, so that refusing would only move people to something worse.
 *
 * @throws {DrawbridgeError} `file_unreadable`, `invalid_key_file`
 * @example
 * ```ts
 * import { loadServiceAccount } from '@drawbridge/zitadel';
 *
 * const account = await loadServiceAccount('/etc/drawbridge/key.json');
 * console.log(account.userId, `${account.privateKey}`); // the id, [redacted]
 * ```
 */
export async function loadServiceAccount(path: string, options: LoadOptions = {}): Promise<ServiceAccount> {
  return parseServiceAccount(await readKeyFile(path, options), path);
}

/** The text of a key file, its mode checked on the opened file, so that it cannot change in between. */
export async function readKeyFile(path: string, options: LoadOptions = {}): Promise<string> {
  const logger = options.logger ?? silentLogger;
  try {
    const file = await open(path, 'r');
    try {
      const { mode, size } = await file.stat();
      if (size > largestFile) {
        throw new DrawbridgeError('invalid_key_file', {
          message: `The file has ${size} bytes; a key file has about 2,000.`,
          where: path,
        });
      }
      if ((options.platform ?? process.platform) !== 'win32' && (mode & 0o077) !== 0) {
        logger.warn({ path, code: 'key_file_mode' }, 'others may read the key file; its mode should be 0600');
      }
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof DrawbridgeError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new DrawbridgeError('file_unreadable', {
      message: `The key file cannot be read: ${reason === 'ENOENT' ? 'there is none' : reason}.`,
      where: path,
      cause: error,
    });
  }
}

/**
 * Loads an application key file, as introspection needs it, with the same care as a service account's.
 *
 * @throws {DrawbridgeError} `file_unreadable`, `invalid_key_file`
 */
export async function loadApplicationKey(path: string, options: LoadOptions = {}): Promise<ApplicationKey> {
  return parseApplicationKey(await readKeyFile(path, options), path);
}
