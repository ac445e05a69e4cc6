import { join } from 'node:path';
import { type Clock, type FolderLock, lockFolder, readPrivateFile, writeFileAtomic } from '@drawbridge/kit';
import { openJournal } from '../shared/index.ts';
import {
  createFirstInstance,
  type FirstInstance,
  parseVault,
  serializeVault,
  type Vault,
} from './bootstrap.ts';
import { type AnyEvent, EventLog } from './store/index.ts';

/** An instance as it was found or made. */
export interface OpenedInstance {
  readonly log: EventLog;
  readonly vault: Vault;
  /** Writes the keys again. */
  saveKeys(): Promise<void>;
  close(): Promise<void>;
}

interface Opening {
  readonly dataDir: string | undefined;
  readonly domain: string;
  readonly clock: Clock;
  /** The instance's time, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly firstInstance: FirstInstance;
}

/**
 * Opens the instance of a folder, or makes one there or in memory. The keys are written before the first event: a log
 * with events always has its keys beside it, and keys without events are written anew.
 *
 * @throws {DrawbridgeError} `locked` when the folder is open elsewhere, `file_unreadable` when a file of it is damaged
 */
export async function openInstance(opening: Opening): Promise<OpenedInstance> {
  if (opening.dataDir === undefined) {
    const log = new EventLog(opening.clock);
    const { vault, drafts } = await createFirstInstance(opening.now, opening.domain, opening.firstInstance);
    log.append('', drafts, opening.now());
    return { log, vault, saveKeys: () => Promise.resolve(), close: () => log.close() };
  }
  const lock = await lockFolder(opening.dataDir);
  try {
    return await openFolder(opening, opening.dataDir, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openFolder(opening: Opening, folder: string, lock: FolderLock): Promise<OpenedInstance> {
  const keysFile = join(folder, 'keys.json');
  const { journal, events } = await openJournal<AnyEvent>(join(folder, 'events.jsonl'));
  try {
    const log = new EventLog(opening.clock, journal, events);
    const vault = events.length > 0 ? await readVault(keysFile) : await makeVault(opening, keysFile, log);
    return {
      log,
      vault,
      saveKeys: () => writeFileAtomic(keysFile, serializeVault(vault)),
      close: async () => {
        try {
          await log.close();
        } finally {
          await lock.release();
        }
      },
    };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

async function readVault(keysFile: string): Promise<Vault> {
  const { content } = await readPrivateFile(keysFile);
  return parseVault(content.expose());
}

async function makeVault(opening: Opening, keysFile: string, log: EventLog): Promise<Vault> {
  const { vault, drafts } = await createFirstInstance(opening.now, opening.domain, opening.firstInstance);
  await writeFileAtomic(keysFile, serializeVault(vault));
  log.append('', drafts, opening.now());
  await log.flushed();
  return vault;
}
