import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DrawbridgeError, readPrivateFile, translateFileError, writeFileAtomic } from '@drawbridge/kit';
import type { Vault } from './store.ts';

/** Makes a text unreadable without a key, and back. `name` binds it to its place. */
export interface Seal {
  seal(text: string, name: string): Promise<string>;
  /** @throws {DrawbridgeError} `session_unreadable` */
  open(sealed: string, name: string): Promise<string>;
}

/** Texts in files of mode 0600, replaced as a whole (S34), sealed where a seal is given. */
export function fileVault(folder: string, seal?: Seal): Vault {
  const path = (name: string) => join(folder, `${name}.json`);
  return {
    async read(name) {
      try {
        const { content } = await readPrivateFile(path(name));
        return seal ? await seal.open(content.expose(), name) : content.expose();
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async write(name, text) {
      await writeFileAtomic(path(name), seal ? await seal.seal(text, name) : text);
    },
    async remove(name) {
      try {
        await rm(path(name), { force: true });
      } catch (error) {
        throw translateFileError(error, path(name), 'file_unwritable');
      }
    },
  };
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof DrawbridgeError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'
  );
}
