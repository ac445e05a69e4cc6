import { mkdir, open, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { DrawbridgeError } from '../errors/index.ts';
import { translateFileError } from './translate.ts';
import { writeFileAtomic } from './write-atomic.ts';

/** A folder that this process alone has open. */
export interface FolderLock {
  /** Gives the folder back. Safe to call twice. */
  release(): Promise<void>;
}

/**
 * Takes a folder for this process. The lock is one of the operating system on a file in it (through SQLite, the only
 * door to such locks that Node has), so it ends with the process, however that ends: there is no stale lock to judge
 * by a process number that another process or container may have by now. `lock.pid` beside it only says who holds it.
 *
 * Does not work across machines on network file systems that ignore locks.
 *
 * @throws {DrawbridgeError} `locked` when the folder is open already, `file_unwritable` when it cannot be made
 * @example
 * ```ts
 * import { lockFolder } from '@drawbridge/kit';
 *
 * const lock = await lockFolder('.drawbridge/data');
 * await lock.release();
 * ```
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const pidFile = join(folder, 'lock.pid');
  let path: string | undefined;
  let held: DatabaseSync;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    path = claimHere(await realpath(folder));
    held = await holdFile(join(folder, 'lock'));
  } catch (error) {
    if (path !== undefined) heldHere.delete(path);
    if (!isBusy(error) && error !== heldAlready) throw translateFileError(error, folder, 'file_unwritable');
    const pid = await readFile(pidFile, 'utf8').catch(() => undefined);
    throw new DrawbridgeError('locked', {
      message: pid ? `Process ${pid.trim()} has ${folder} open.` : `Another process has ${folder} open.`,
      where: folder,
      cause: error,
    });
  }
  const letGo = (real: string) => {
    held.close();
    heldHere.delete(real);
  };
  const real = path;
  try {
    await writeFileAtomic(pidFile, `${process.pid}\n`);
  } catch (error) {
    letGo(real);
    throw error;
  }
  let released = false;
  return {
    release: async () => {
      if (released) return;
      released = true;
      letGo(real);
    },
  };
}

/**
 * Folders that this process holds. A second attempt must not touch the lock file: the operating system drops a process's
 * locks on a file as soon as the process closes any descriptor of it.
 */
const heldHere = new Set<string>();
const heldAlready = new Error('this process holds the folder itself');

function claimHere(path: string): string {
  if (heldHere.has(path)) throw heldAlready;
  heldHere.add(path);
  return path;
}

async function holdFile(path: string): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite');
  // Made here first, since SQLite would leave it open to others to read, and whoever may read may also lock.
  await (await open(path, 'a', 0o600)).close();
  const database = new DatabaseSync(path);
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const sqliteBusy = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && (error as { errcode?: number }).errcode === sqliteBusy;
}
