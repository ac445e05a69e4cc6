import { join } from 'node:path';
import { lockFolder, readPrivateFile, writeFileAtomic } from '@drawbridge/kit';
import { type Journal, openJournal } from './journal.ts';

/** As much of an event log as opening it takes. */
interface Log<Event> {
  readonly events: readonly Event[];
  flushed(): Promise<void>;
  close(): Promise<void>;
}

/** A server's data as they were found or made. */
export interface OpenedStore<L, Kept> {
  readonly log: L;
  /** What is kept beside the log and not in it. */
  readonly kept: Kept;
  close(): Promise<void>;
}

/** What is kept beside a log: secrets, of which the log has but hashes. */
export interface KeptBeside<L, Kept> {
  /** Name of the file. */
  readonly file: string;
  /** Writes the first events into an empty log. */
  readonly make: (log: L) => Kept;
  readonly format: (kept: Kept) => string;
  /** @throws {DrawbridgeError} `file_unreadable` */
  readonly parse: (text: string, path: string) => Kept;
}

type NewLog<Event, L> = (journal?: Journal<Event>, replay?: readonly Event[]) => L;

/**
 * Opens the data of a folder, or makes them there or in memory. Secrets are kept in plain text: it is for development.
 *
 * @param beside absent where somebody else is to write the first events: nothing is kept then
 * @throws {DrawbridgeError} `locked` when the folder is open elsewhere, `file_unreadable` when a file of it is damaged
 */
export async function openStore<Event, L extends Log<Event>, Kept>(
  dataDir: string | undefined,
  newLog: NewLog<Event, L>,
  beside: KeptBeside<L, Kept>,
): Promise<OpenedStore<L, Kept>>;
export async function openStore<Event, L extends Log<Event>, Kept>(
  dataDir: string | undefined,
  newLog: NewLog<Event, L>,
  beside: KeptBeside<L, Kept> | undefined,
): Promise<OpenedStore<L, Kept | undefined>>;
export async function openStore<Event, L extends Log<Event>, Kept>(
  dataDir: string | undefined,
  newLog: NewLog<Event, L>,
  beside: KeptBeside<L, Kept> | undefined,
): Promise<OpenedStore<L, Kept | undefined>> {
  if (dataDir === undefined) {
    const log = newLog();
    return { log, kept: beside?.make(log), close: () => log.close() };
  }
  const lock = await lockFolder(dataDir);
  let opened: Journal<Event> | undefined;
  try {
    const { journal, events } = await openJournal<Event>(join(dataDir, 'events.jsonl'));
    opened = journal;
    const log = newLog(journal, events);
    const kept = beside && (await openKept(join(dataDir, beside.file), log, beside));
    return {
      log,
      kept,
      close: async () => {
        try {
          await log.close();
        } finally {
          await lock.release();
        }
      },
    };
  } catch (error) {
    await opened?.close();
    await lock.release();
    throw error;
  }
}

async function openKept<Event, L extends Log<Event>, Kept>(
  path: string,
  log: L,
  { make, format, parse }: KeptBeside<L, Kept>,
): Promise<Kept> {
  if (log.events.length > 0) return parse((await readPrivateFile(path)).content.expose(), path);
  const kept = make(log);
  // The secrets first: a log with events always has them beside it.
  await writeFileAtomic(path, format(kept));
  await log.flushed();
  return kept;
}
