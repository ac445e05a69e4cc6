import { type Clock, DrawbridgeError, type Logger } from '@drawbridge/kit';
import type { Zitadel } from '../client/index.ts';
import type { ServiceAccount } from '../credentials/index.ts';
import type { FoundKey } from '../services/index.ts';
import { type Journal, readJournal, writeJournal } from './journal.ts';

/** Zitadel's lists lag by seconds; a key that was asked for and is not listed after this time was never made. */
const longestLagMs = 3_600_000;

/**
 * Finishes what a former look left: keys that were made and never came into the file are removed at once, replaced keys
 * after their time. Only keys that the journal names are touched, and never the one in the file.
 */
export async function tidy(
  file: string,
  account: ServiceAccount,
  keys: readonly FoundKey[],
  { zitadel, clock, logger }: { zitadel: Pick<Zitadel, 'users'>; clock: Clock; logger: Logger },
): Promise<{ readonly journal: Journal; readonly removed: readonly string[] }> {
  const before = await readJournal(file);
  const now = clock.now();
  const removed: string[] = [];
  const remove = async (keyId: string): Promise<boolean> => {
    try {
      await zitadel.users.removeKey(account.userId, keyId);
      removed.push(keyId);
      return true;
    } catch (caught) {
      const { code } = DrawbridgeError.from(caught);
      logger.warn(
        { path: file, user: account.userId, code },
        'a former key could not be removed; tried again later',
      );
      return false;
    }
  };

  const asked: Journal['asked'][number][] = [];
  for (const one of before.asked) {
    if (one.expiresAt === account.expiresAt) continue; // it is the one in the file
    const orphan = keys.find(({ expirationDate = '' }) => Date.parse(expirationDate) === one.expiresAt);
    const gone = orphan ? await remove(orphan.id) : now - one.since > longestLagMs;
    if (!gone) asked.push(one);
  }
  const retiring: Journal['retiring'][number][] = [];
  for (const one of before.retiring) {
    // The swap never came: what was to be replaced is still in use.
    if (one.keyId === account.keyId) continue;
    if (one.after > now || !(await remove(one.keyId))) retiring.push(one);
  }
  const journal = { asked, retiring };
  if (JSON.stringify(journal) !== JSON.stringify({ asked: before.asked, retiring: before.retiring })) {
    await writeJournal(file, journal);
  }
  return { journal, removed };
}
