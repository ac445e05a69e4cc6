import { createHash } from 'node:crypto';
import { type Clock, DrawbridgeError, type Logger, silentLogger, systemClock } from '@drawbridge/kit';
import type { ServiceAccount } from './credentials.ts';
import { readKeyFile } from './load.ts';
import { parseServiceAccount } from './parse.ts';

/** Which file to watch, and what to do with a new key. */
export interface WatchOptions {
  readonly path: string;
  /** Shows that a new key works, by one token. It is used only after this resolves. */
  readonly prove: (account: ServiceAccount) => Promise<void>;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** How often the file is looked at, in milliseconds. Default 10,000. */
  readonly everyMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/**
 * Watches a key file by reading it from time to time. File-system events are not used: a Kubernetes secret changes by a
 * swapped symbolic link, which they miss on several systems, and a key is replaced once in months.
 *
 * A file that is missing, broken or refused leaves everything as it was and is tried again.
 */
export async function watchServiceAccount(loaded: string, options: WatchOptions): Promise<void> {
  const { path, signal, clock = systemClock, logger = silentLogger } = options;
  let current = fingerprint(loaded);
  while (!signal.aborted) {
    try {
      await clock.sleep(options.everyMs ?? 10_000, signal, { background: true });
    } catch {
      return; // the watch was ended
    }
    try {
      const text = await readKeyFile(path);
      if (fingerprint(text) === current) continue;
      const account = parseServiceAccount(text, path);
      await options.prove(account);
      current = fingerprint(text);
      logger.info({ path, user: account.userId }, 'the key file was replaced, and the new key is in use');
    } catch (caught) {
      const error = DrawbridgeError.from(caught);
      logger.warn(
        { path, code: error.code, err: error },
        'the new key file was not taken; the former key is kept',
      );
    }
  }
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
