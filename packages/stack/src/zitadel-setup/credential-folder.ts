import { join } from 'node:path';
import { DrawbridgeError, readPrivateFile, type Secret, writeFileAtomic } from '@drawbridge/kit';

/** Where private halves of keys and secrets of clients are kept: files of mode 0600. */
export interface CredentialFolder {
  readonly path: string;
  /** Where a file of it is. */
  pathOf(file: string): string;
  /** Undefined where there is no such file. @throws {DrawbridgeError} `file_unreadable` */
  read(file: string): Promise<Secret | undefined>;
  /** Survives a power cut once it resolves. @throws {DrawbridgeError} `file_unwritable` */
  write(file: string, content: Secret): Promise<void>;
}

/**
 * A folder for credentials. It is made, for the owner only, with the first file.
 *
 * @example
 * ```ts
 * import { credentialFolder } from '@drawbridge/stack';
 *
 * const folder = credentialFolder('drawbridge-zitadel');
 * console.log(folder.pathOf('account-directory.json'));
 * ```
 */
export function credentialFolder(path: string): CredentialFolder {
  const pathOf = (file: string) => join(path, file);
  return {
    path,
    pathOf,
    async read(file) {
      try {
        return (await readPrivateFile(pathOf(file))).content;
      } catch (error) {
        if (error instanceof DrawbridgeError && error.saw === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(file, content) {
      await writeFileAtomic(pathOf(file), content.expose(), { mode: 0o600 });
    },
  };
}

/** Name of the file with the signing keys of targets. */
export const signingKeysFile = 'signing-keys';

/** Name of the file of a credential. */
export function credentialFile(holder: string, kind: 'key' | 'secret'): string {
  return `${holder.replaceAll('/', '-')}.${kind === 'key' ? 'json' : 'secret'}`;
}

/** The id in a key file of Zitadel; undefined for what is no such file. */
export function keyIdOf(content: Secret): string | undefined {
  try {
    const value: unknown = JSON.parse(content.expose());
    const id =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>).keyId : undefined;
    return typeof id === 'string' ? id : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
