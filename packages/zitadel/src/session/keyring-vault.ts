import { DrawbridgeError } from '@drawbridge/kit';
import type { Vault } from './store.ts';

/** One entry of a keyring. */
export interface KeyringEntry {
  getPassword(): Promise<string | null | undefined>;
  setPassword(text: string): Promise<void>;
  /** Resolves also where there was none. */
  deletePassword(): Promise<unknown>;
}

/** Gives entries of the system's keyring by name; rejects where the system's library does not load. */
export type KeyringLoader = () => Promise<(name: string) => KeyringEntry>;

const service = 'drawbridge';
const probe = 'drawbridge can keep sessions here';

/** The system's keyring through `@napi-rs/keyring`, an optional dependency: it may not be installed. */
export const loadKeyring: KeyringLoader = async () => {
  const { AsyncEntry } = await import('@napi-rs/keyring');
  return (name) => {
    const entry = new AsyncEntry(service, name);
    return {
      getPassword: () => entry.getPassword(),
      setPassword: (text) => entry.setPassword(text),
      deletePassword: () => entry.deletePassword(),
    };
  };
};

/**
 * Texts in the system's keyring, or why not. Whether there is one shows only when it is used: on a server without a desktop the
 * library loads, and in a container the first read may even succeed where every write is refused.
 */
export async function keyringVault(load: KeyringLoader): Promise<Vault | string> {
  let open: (name: string) => KeyringEntry;
  try {
    open = await load();
  } catch {
    return 'its library is not installed for this platform';
  }
  try {
    if (!(await takes(open('probe')))) return 'what it is given is not there afterwards';
  } catch {
    return 'this machine has none that answers';
  }
  return {
    read: async (name) => (await attempt(() => open(name).getPassword())) ?? undefined,
    write: (name, text) => attempt(() => open(name).setPassword(text)),
    remove: (name) =>
      attempt(async () => {
        await open(name).deletePassword();
      }),
  };
}

/** Whether a text that is written is there. Once it has been, it stays, so that later commands only read. */
async function takes(entry: KeyringEntry): Promise<boolean> {
  if ((await entry.getPassword()) === probe) return true;
  await entry.setPassword(probe);
  return (await entry.getPassword()) === probe;
}

/** No cause: what a keyring says about a text that it did not take may hold the text. */
async function attempt<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch {
    throw new DrawbridgeError('file_unwritable', {
      message: "The system's keyring refused the session.",
      fix: 'Unlock the keyring, or keep the session in a file.',
    });
  }
}
