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
 * Texts in the system's keyring, or why not. Whether there is one shows only when it is asked: on a server without a
 * desktop the library loads, and the first call fails.
 */
export async function keyringVault(load: KeyringLoader): Promise<Vault | string> {
  let open: (name: string) => KeyringEntry;
  try {
    open = await load();
  } catch {
    return 'its library is not installed for this platform';
  }
  try {
    await open('probe').getPassword();
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
