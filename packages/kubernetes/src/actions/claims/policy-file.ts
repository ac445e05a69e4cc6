import { readFile } from 'node:fs/promises';
import { type Clock, DrawbridgeError, type Logger, silentLogger, systemClock } from '@drawbridge/kit';
import { parse } from 'yaml';
import type { ClaimsPolicy } from './policy.ts';
import { readClaimsPolicy } from './read-policy.ts';

/** Where a policy is kept. */
export interface ClaimsPolicyFileOptions {
  /** YAML or JSON. */
  readonly path: string;
  /** How often the file is looked at, in milliseconds; a change counts once two looks have seen it. Default 5,000. */
  readonly lookMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** A policy that follows its file. */
export interface ClaimsPolicySource {
  /** The present policy. Never waits for a disk that is slow: what is known is given, and the file is read beside it. */
  current(): ClaimsPolicy;
}

const largest = 256 * 1024;

/**
 * Opens a policy file, as a mounted ConfigMap is one. A change that cannot be read is said in the log, and the former policy stays:
 * a slip of the pen takes nobody's groups away.
 *
 * @throws {DrawbridgeError} `invalid_settings`, `file_unreadable` for the file as it is at the start
 * @example
 * ```ts
 * import { openClaimsPolicy } from '@drawbridge/kubernetes';
 *
 * const policy = await openClaimsPolicy({ path: '/etc/drawbridge/claims.yaml' });
 * console.log(policy.current().email);
 * ```
 */
export async function openClaimsPolicy(options: ClaimsPolicyFileOptions): Promise<ClaimsPolicySource> {
  const { path, lookMs = 5_000, clock = systemClock, logger = silentLogger } = options;
  let text = await read(path);
  let seen = text;
  let policy = parsePolicy(text, path);
  let lookedAt = clock.now();
  const look = async (): Promise<void> => {
    try {
      const now = await read(path);
      // Seen twice the same: a file that is being written may be read when half of it is there.
      const settled = now === seen;
      seen = now;
      if (!settled || now === text) return;
      text = now;
      policy = parsePolicy(now, path);
      logger.info({ component: 'actions-server', path }, 'the claims policy has changed');
    } catch (err) {
      logger.error(
        { component: 'actions-server', path, err },
        'the new claims policy is not taken; the former one stays',
      );
    }
  };
  return {
    current() {
      if (clock.now() - lookedAt >= lookMs) {
        lookedAt = clock.now();
        void look();
      }
      return policy;
    },
  };
}

async function read(path: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.length <= largest) return text;
  } catch (cause) {
    throw new DrawbridgeError('file_unreadable', {
      message: 'The claims policy cannot be read.',
      where: path,
      cause,
    });
  }
  throw new DrawbridgeError('file_unreadable', { message: 'The claims policy is too large.', where: path });
}

function parsePolicy(text: string, path: string): ClaimsPolicy {
  let value: unknown;
  try {
    // Aliases that multiply would make a page of text a gigabyte.
    value = parse(text, { maxAliasCount: 20 });
  } catch (cause) {
    throw new DrawbridgeError('invalid_settings', {
      message: 'The claims policy is neither YAML nor JSON.',
      where: path,
      cause,
    });
  }
  return readClaimsPolicy(value);
}
