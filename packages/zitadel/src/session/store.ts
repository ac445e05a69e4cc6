import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Secret } from '@drawbridge/kit';
import { fileVault } from './file-vault.ts';
import { type KeyringLoader, keyringVault, loadKeyring } from './keyring-vault.ts';
import { packRecord, parseRecord, type SessionKey, type SessionRecord } from './record.ts';
import { createSeal } from './seal.ts';

/** A place for a few secret texts, by name. */
export interface Vault {
  read(name: string): Promise<string | undefined>;
  /** Durable when it resolves. */
  write(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** How sessions are kept: by the system's keyring, in a file that only its owner may read, or in one under a passphrase. */
export type StoreKind = 'keyring' | 'file' | 'encrypted-file';

/** Where sessions are kept on this machine. */
export interface SessionStore {
  readonly kind: StoreKind;
  /** One sentence for a person about how tokens are kept, and why not better. */
  readonly description: string;
  read(key: SessionKey): Promise<SessionRecord | undefined>;
  /** Durable when it resolves. */
  write(record: SessionRecord): Promise<void>;
  remove(key: SessionKey): Promise<void>;
  /** Folder whose lock belongs to this session. */
  lockFolder(key: SessionKey): string;
}

/** Where sessions are kept, and how. */
export interface SessionStoreOptions {
  /** For files and locks; made for its owner only when first needed. */
  readonly folder: string;
  /** Seals the file with it (scrypt, AES-256-GCM). It is used instead of the keyring. */
  readonly passphrase?: Secret<string>;
  /** Whether the system's keyring is tried. Default true. */
  readonly keyring?: boolean;
  /** Loads the keyring; tests give their own. */
  readonly loadKeyring?: KeyringLoader;
}

/**
 * Opens the store: under a passphrase where one is given, else in the system's keyring where there is one, else in plain
 * files of mode 0600. `description` says which, so that nobody takes a plain file for an encrypted one.
 *
 * @example
 * ```ts
 * import { paths } from '@drawbridge/kit';
 * import { openSessionStore } from '@drawbridge/zitadel';
 *
 * const store = await openSessionStore({ folder: `${paths().data}/sessions` });
 * console.error(store.description);
 * ```
 */
export async function openSessionStore(options: SessionStoreOptions): Promise<SessionStore> {
  const { folder, passphrase } = options;
  if (passphrase) {
    const description = `Your session is kept in ${folder}, encrypted with your passphrase.`;
    return storeOf(folder, fileVault(folder, createSeal(passphrase)), 'encrypted-file', description);
  }
  const keyring =
    options.keyring === false ? 'it is turned off' : await keyringVault(options.loadKeyring ?? loadKeyring);
  if (typeof keyring !== 'string') {
    return storeOf(folder, keyring, 'keyring', "Your session is kept in the system's keyring.");
  }
  const description = `Your session is kept in ${folder} in plain files that only your account may read: the system's keyring is not used, since ${keyring}.`;
  return storeOf(folder, fileVault(folder), 'file', description);
}

function storeOf(folder: string, vault: Vault, kind: StoreKind, description: string): SessionStore {
  return {
    kind,
    description,
    async read(key) {
      const text = await vault.read(nameOf(key));
      return text === undefined ? undefined : parseRecord(text, key);
    },
    write: (record) => vault.write(nameOf(record), packRecord(record)),
    remove: (key) => vault.remove(nameOf(key)),
    lockFolder: (key) => join(folder, `${nameOf(key)}.lock`),
  };
}

/** A file name that says nothing and fits everywhere. */
function nameOf({ issuer, clientId }: SessionKey): string {
  return createHash('sha256')
    .update(JSON.stringify([issuer, clientId]))
    .digest('hex')
    .slice(0, 32);
}
