import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DrawbridgeError, readPrivateFile, translateFileError } from '@drawbridge/kit/core';
import type { AnswerShelf, FoundAnswer, KeptAnswer } from '../sources/index.ts';
import { nameFor } from './kept-token.ts';

/** Whose values are kept, and which. */
export interface ShelfOptions {
  readonly folder: string;
  /** Names server and user; undefined while it is not known who reads. */
  readonly identity: () => Promise<string | undefined>;
  /** Full path of a key in the store. */
  readonly pathOf: (key: string) => string;
}

/**
 * Answers of the store in files of mode 0600, a folder for each user of each server, for processes that live shorter than an answer is
 * fresh. What is not exactly an answer to the same question counts as none.
 */
export function fileShelf({
  folder,
  identity,
  pathOf,
}: ShelfOptions): AnswerShelf & { clear(): Promise<void> } {
  const fileOf = async (key: string) => {
    const who = await identity();
    return who === undefined ? undefined : join(folder, who, `${nameFor([pathOf(key)])}.json`);
  };
  return {
    async load(key) {
      const path = await fileOf(key);
      if (path === undefined) return undefined;
      try {
        const { content } = await readPrivateFile(path, { maxBytes: 64 * 1024 * 1024 });
        return parse(content.expose(), pathOf(key));
      } catch (error) {
        const { cause } = DrawbridgeError.from(error);
        if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async store(key, { answer, at }) {
      const path = await fileOf(key);
      if (path === undefined) return;
      await replace(path, JSON.stringify({ format: 1, path: pathOf(key), at, answer }));
    },
    async remove(key) {
      const path = await fileOf(key);
      if (path !== undefined) await removeAt(path);
    },
    async clear() {
      const who = await identity();
      if (who !== undefined) await removeAt(join(folder, who));
    },
  };
}

/** As a whole, but not through a power cut: it can be asked for again. */
async function replace(path: string, text: string): Promise<void> {
  const made = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(made, text, { mode: 0o600, flag: 'wx' });
    await rename(made, path);
  } catch (error) {
    await rm(made, { force: true }).catch(() => undefined);
    throw translateFileError(error, path, 'file_unwritable');
  }
}

async function removeAt(path: string): Promise<void> {
  try {
    await rm(path, { force: true, recursive: true });
  } catch (error) {
    throw translateFileError(error, path, 'file_unwritable');
  }
}

function parse(text: string, expected: string): KeptAnswer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { format, path, at, answer } = value as Record<string, unknown>;
  if (format !== 1 || path !== expected || typeof at !== 'number' || !isFound(answer)) return undefined;
  return { at, answer };
}

function isFound(answer: unknown): answer is FoundAnswer {
  if (typeof answer !== 'object' || answer === null) return false;
  const { state, value, where } = answer as Partial<FoundAnswer>;
  return state === 'found' && value !== undefined && typeof where === 'string';
}
