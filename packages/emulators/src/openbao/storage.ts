import { join } from 'node:path';
import { DrawbridgeError, lockFolder, readPrivateFile, writeFileAtomic } from '@drawbridge/kit';
import { openJournal } from '../shared/index.ts';
import type { Keys } from './bootstrap.ts';
import { EventLog, type OpenbaoEvent } from './store/index.ts';

/** A server's data as they were found or made. */
export interface OpenedStore {
  readonly log: EventLog;
  /** Kept beside the log and not in it; absent where nobody has initialized it here. */
  readonly keys: Keys | undefined;
  close(): Promise<void>;
}

/** Writes the first events into an empty log. */
export type MakeKeys = (log: EventLog) => Keys;

/**
 * Opens the data of a folder, or makes them there or in memory. Secrets are kept in plain text: it is for development.
 *
 * @throws {DrawbridgeError} `locked` when the folder is open elsewhere, `file_unreadable` when a file of it is damaged
 */
export async function openStore(
  dataDir: string | undefined,
  make: MakeKeys | undefined,
): Promise<OpenedStore> {
  if (dataDir === undefined) {
    const log = new EventLog();
    return { log, keys: make?.(log), close: () => log.close() };
  }
  const lock = await lockFolder(dataDir);
  try {
    const { journal, events } = await openJournal<OpenbaoEvent>(join(dataDir, 'events.jsonl'));
    const log = new EventLog(journal, events);
    const keys = await openKeys(join(dataDir, 'keys.json'), log, make);
    return {
      log,
      keys,
      close: async () => {
        try {
          await log.close();
        } finally {
          await lock.release();
        }
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openKeys(path: string, log: EventLog, make: MakeKeys | undefined): Promise<Keys | undefined> {
  if (log.events.length > 0)
    return make ? parse((await readPrivateFile(path)).content.expose(), path) : undefined;
  if (!make) return undefined;
  const keys = make(log);
  // The keys first: a log with events always has its keys beside it.
  await writeFileAtomic(path, `${JSON.stringify(keys)}\n`);
  await log.flushed();
  return keys;
}

function parse(text: string, where: string): Keys {
  const { keys, rootToken } = JSON.parse(text) as Partial<Keys>;
  if (Array.isArray(keys) && typeof rootToken === 'string') return { keys, rootToken };
  throw new DrawbridgeError('file_unreadable', { message: 'The file of keys is damaged.', where });
}
