import { DrawbridgeError } from '@drawbridge/kit';
import { type KeptBeside, type OpenedStore, openStore } from '../shared/index.ts';
import type { Keys } from './bootstrap.ts';
import { type EventLog, newEventLog } from './store/index.ts';

/** Writes the first events into an empty log. */
export type MakeKeys = (log: EventLog) => Keys;

/**
 * Opens the server of a folder, or makes one there or in memory, with its keys; without `make` somebody else initializes it.
 *
 * @throws {DrawbridgeError} `locked` when the folder is open elsewhere, `file_unreadable` when a file of it is damaged
 */
export async function openServer(
  dataDir: string | undefined,
  make: MakeKeys | undefined,
): Promise<OpenedStore<EventLog, Keys | undefined>> {
  const beside: KeptBeside<EventLog, Keys> | undefined = make && {
    file: 'keys.json',
    make,
    format: (keys) => `${JSON.stringify(keys)}\n`,
    parse,
  };
  return await openStore(dataDir, newEventLog, beside);
}

function parse(text: string, where: string): Keys {
  const { keys, rootToken } = JSON.parse(text) as Partial<Keys>;
  if (Array.isArray(keys) && typeof rootToken === 'string') return { keys, rootToken };
  throw new DrawbridgeError('file_unreadable', { message: 'The file of keys is damaged.', where });
}
