import { join } from 'node:path';
import { lockFolder, readPrivateFile, writeFileAtomic } from '@drawbridge/kit';
import { openJournal } from '../shared/index.ts';
import { EventLog, type NetbirdEvent } from './store/index.ts';

/** An account as it was found or made. */
export interface OpenedAccount {
  readonly log: EventLog;
  /** The first token, which is kept beside the log and not in it. */
  readonly token: string;
  close(): Promise<void>;
}

/** Writes the first events into an empty log; the token's hash is among them. */
export type MakeAccount = (log: EventLog) => string;

/**
 * Opens the account of a folder, or makes one there or in memory.
 *
 * @throws {DrawbridgeError} `locked` when the folder is open elsewhere, `file_unreadable` when a file of it is damaged
 */
export async function openAccount(dataDir: string | undefined, make: MakeAccount): Promise<OpenedAccount> {
  if (dataDir === undefined) {
    const log = new EventLog();
    return { log, token: make(log), close: () => log.close() };
  }
  const lock = await lockFolder(dataDir);
  try {
    const { journal, events } = await openJournal<NetbirdEvent>(join(dataDir, 'events.jsonl'));
    const log = new EventLog(journal, events);
    const token = await openToken(join(dataDir, 'token'), log, make);
    return {
      log,
      token,
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

async function openToken(path: string, log: EventLog, make: MakeAccount): Promise<string> {
  if (log.events.length > 0) return (await readPrivateFile(path)).content.expose().trim();
  const token = make(log);
  // The token first: a log with events always has its token beside it.
  await writeFileAtomic(path, `${token}\n`);
  await log.flushed();
  return token;
}
