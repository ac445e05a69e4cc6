import { type KeptBeside, type OpenedStore, openStore } from '../shared/index.ts';
import { type EventLog, newEventLog } from './store/index.ts';

/** Writes the first events into an empty log; the token's hash is among them. */
export type MakeAccount = (log: EventLog) => string;

/**
 * Opens the account of a folder, or makes one there or in memory, with its first token.
 *
 * @throws {DrawbridgeError} `locked` when the folder is open elsewhere, `file_unreadable` when a file of it is damaged
 */
export async function openAccount(
  dataDir: string | undefined,
  make: MakeAccount,
): Promise<OpenedStore<EventLog, string>> {
  const beside: KeptBeside<EventLog, string> = {
    file: 'token',
    make,
    format: (token) => `${token}\n`,
    parse: (text) => text.trim(),
  };
  return await openStore(dataDir, newEventLog, beside);
}
