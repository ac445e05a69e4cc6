import {
  type Clock,
  DrawbridgeError,
  type FolderLock,
  type Logger,
  lockFolder,
  type Metrics,
  noMetrics,
  silentLogger,
  systemClock,
  writeFileAtomic,
} from '@drawbridge/kit';
import type { Zitadel } from '../client/index.ts';
import { loadServiceAccount, type ServiceAccount } from '../credentials/index.ts';
import type { FoundKey } from '../services/index.ts';
import { type Journal, writeJournal } from './journal.ts';
import { keyFileOf, makePair, proveKey } from './new-key.ts';
import { tidy } from './tidy.ts';

/** Where a test can stop the clockwork; each is a moment at which a process may be killed. */
export type RotationPause = 'asked' | 'added' | 'proved' | 'retiring' | 'swapped';

/** Which key to rotate, and when. */
export interface KeyRotationOptions {
  /** A client that signs in with the same file; its account has to be allowed to change its own keys. */
  readonly zitadel: Pick<Zitadel, 'issuer' | 'fetch' | 'users'>;
  /** The key file. Its folder has to be writable: a mounted secret is rotated by whoever mounts it. */
  readonly file: string;
  /** A key this old is replaced, in milliseconds. Default 30 days. */
  readonly maxAgeMs?: number;
  /** How long a new key is made for, in milliseconds. Default three times `maxAgeMs`, so that a stopped rotation is seen in time. */
  readonly lifeMs?: number;
  /** How long the former key stays good, in milliseconds: for processes that have not seen the new file. Default 24 h. */
  readonly overlapMs?: number;
  /** A key that ends within this time is replaced as well, and told as a warning, in milliseconds. Default 14 days. */
  readonly warnMs?: number;
  /** How often {@link KeyRotation.run} looks, in milliseconds. Default one hour. */
  readonly everyMs?: number;
  readonly clock?: Clock;
  /** Uniform in [0, 1). Default Math.random. */
  readonly random?: () => number;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  /** For tests of what a crash leaves behind. */
  readonly pause?: (point: RotationPause) => Promise<void>;
}

/** What one look came to. */
export interface RotationOutcome {
  /** The key that is in the file now. */
  readonly keyId: string;
  readonly rotated: boolean;
  /** Keys that were removed at Zitadel. */
  readonly removed: readonly string[];
}

/** Replaces a service account's key before it is old. */
export interface KeyRotation {
  /**
   * Looks once, and rotates where it is due. Undefined where another process is at it.
   *
   * @throws {DrawbridgeError} `file_unreadable`, `file_unwritable`, `invalid_key_file`, `credentials_refused`, or what
   * Zitadel answered; the file holds a working key in any case
   */
  check(): Promise<RotationOutcome | undefined>;
  /** Looks again and again until the signal ends it. Failures are logged and tried again. */
  run(signal: AbortSignal): Promise<void>;
}

const day = 86_400_000;

/**
 * Rotates the key of a service account in its file. The new key is made here, added at Zitadel, proved by a token and a
 * read, and only then swapped into the file, as a whole and with mode 0600; the former one is removed after the overlap.
 * Whatever step a crash comes at, the file holds a key that works, and the next look finishes or takes back the rest.
 *
 * @example
 * ```ts
 * import { createKeyRotation, createZitadel, serviceAccountFile } from '@drawbridge/zitadel';
 *
 * const file = '/var/lib/drawbridge/key.json';
 * const zitadel = createZitadel({ issuer: 'https://sso.acme.example', credentials: serviceAccountFile(file) });
 * const rotation = createKeyRotation({ zitadel, file, maxAgeMs: 30 * 86_400_000 });
 * console.log((await rotation.check())?.rotated);
 * await zitadel.close();
 * ```
 */
export function createKeyRotation(options: KeyRotationOptions): KeyRotation {
  const { zitadel, file, clock = systemClock, logger = silentLogger, random = Math.random } = options;
  const maxAgeMs = options.maxAgeMs ?? 30 * day;
  const lifeMs = options.lifeMs ?? 3 * maxAgeMs;
  const overlapMs = options.overlapMs ?? day;
  const warnMs = options.warnMs ?? 14 * day;
  const metrics = options.metrics ?? noMetrics;
  const pause = options.pause ?? (async () => undefined);
  if (!(maxAgeMs > 0 && overlapMs >= 0 && lifeMs > maxAgeMs + overlapMs)) {
    throw new DrawbridgeError('invalid_settings', {
      message: 'A key has to live longer than the age it is replaced at and the overlap together.',
    });
  }

  /** New key to the file, in steps that each leave something to go on from. */
  const rotate = async (account: ServiceAccount, journal: Journal): Promise<string> => {
    const now = clock.now();
    // The end is the new key's mark: to the millisecond, and by chance, no other key has it.
    const expiresAt = now + lifeMs + Math.floor(random() * 60_000);
    const pair = await makePair();
    const asked = [...journal.asked, { expiresAt, since: now }];
    await writeJournal(file, { ...journal, asked });
    await pause('asked');
    const { keyId } = await zitadel.users.addKey(account.userId, {
      expiresAt: new Date(expiresAt),
      publicKey: pair.publicPem,
    });
    await pause('added');
    const next = keyFileOf(account.userId, keyId, pair, expiresAt);
    await proveKey(zitadel, next, clock);
    await pause('proved');
    const retiring = [...journal.retiring, { keyId: account.keyId, after: clock.now() + overlapMs }];
    await writeJournal(file, { asked, retiring });
    await pause('retiring');
    await writeFileAtomic(file, next.expose());
    await pause('swapped');
    await writeJournal(file, { asked: journal.asked, retiring });
    logger.info(
      { instance: zitadel.issuer, path: file, user: account.userId },
      'the service-account key was rotated',
    );
    return keyId;
  };

  const look = async (): Promise<RotationOutcome> => {
    const account = await loadServiceAccount(file, { logger });
    const keys = await zitadel.users.listKeys({ userId: account.userId }).all();
    const { journal, removed } = await tidy(file, account, keys, { zitadel, clock, logger });
    const listed = keys.find(({ id }) => id === account.keyId);
    const now = clock.now();
    const age = ageOf(listed, now);
    const left = account.expiresAt === undefined ? undefined : account.expiresAt - now;
    const labels = { instance: zitadel.issuer };
    if (age !== undefined) metrics.set('drawbridge_key_age_days', labels, age / day);
    if (left !== undefined) metrics.set('drawbridge_key_left_days', labels, left / day);
    if (left !== undefined && left <= warnMs) {
      logger.warn({ instance: zitadel.issuer, path: file, ms: left }, 'the service-account key ends soon');
    }
    const due = (age !== undefined && age >= maxAgeMs) || (left !== undefined && left <= warnMs);
    if (!due) return { keyId: account.keyId, rotated: false, removed };
    return { keyId: await rotate(account, journal), rotated: true, removed };
  };

  const check = async (): Promise<RotationOutcome | undefined> => {
    const lock = await lockOf(file);
    if (!lock) return undefined;
    try {
      return await look();
    } finally {
      await lock.release();
    }
  };

  return {
    check,
    async run(signal) {
      while (!signal.aborted) {
        await check().catch((caught: unknown) => {
          const error = DrawbridgeError.from(caught);
          logger.warn(
            { instance: zitadel.issuer, path: file, code: error.code, err: error },
            'the service-account key could not be looked after; the present one stays',
          );
        });
        await clock.sleep(options.everyMs ?? 3_600_000, signal, { background: true }).catch(() => undefined);
      }
    },
  };
}

/** A list may lag behind, and then the age is not known: an old key is listed, a new one is not old. */
function ageOf(key: FoundKey | undefined, now: number): number | undefined {
  const created = Date.parse(key?.creationDate ?? '');
  return Number.isNaN(created) ? undefined : now - created;
}

async function lockOf(file: string): Promise<FolderLock | undefined> {
  try {
    return await lockFolder(`${file}.lock`);
  } catch (error) {
    if (error instanceof DrawbridgeError && error.code === 'locked') return undefined;
    throw error;
  }
}
