import { readdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import {
  type Clock,
  DrawbridgeError,
  readPrivateFile,
  systemClock,
  translateFileError,
  withFolderLock,
  writeFileAtomic,
} from '@drawbridge/kit/core';
import { requireKey } from '../definition/index.ts';
import type { ConfigSource, ConfigVersion, FoundAnswer, WriteOptions, Written } from './source.ts';

/** Where values are kept. */
export interface LocalStoreOptions {
  /** Made, for its owner only, at the first write. One folder for each application and environment. */
  readonly folder: string;
  readonly clock?: Clock;
}

interface StoredVersion {
  readonly version: number;
  readonly at: number;
  readonly by?: string;
  /** Absent for a removal. */
  readonly value?: unknown;
}

const keptVersions = 10;
const ending = '.json';

/**
 * Values in files of mode 0600 on this machine, with versions and check-and-set: the store where no OpenBao is set. They are in plain
 * text, readable by whoever is this account.
 *
 * @example
 * ```ts
 * import { localStore } from '@drawbridge/config';
 *
 * const store = localStore({ folder: '.drawbridge/config/harmony/dev' });
 * await store.write?.('greeting', { text: 'hello' }, { cas: 'absent' });
 * ```
 */
export function localStore(options: LocalStoreOptions): ConfigSource {
  const { folder, clock = systemClock } = options;
  const place = (key: string) => join(folder, `${requireKey(key)}${ending}`);

  const change = <T>(work: () => Promise<T>) =>
    withFolderLock(join(folder, '.lock'), work, {
      clock,
      waitMs: 10_000,
      message: 'Another process is writing to the local store.',
    });
  const append = async (key: string, versions: readonly StoredVersion[], value?: unknown) => {
    const version = (versions[0]?.version ?? 0) + 1;
    const by = userName();
    const next: StoredVersion = {
      version,
      at: clock.now(),
      ...(by === undefined ? {} : { by }),
      ...(value === undefined ? {} : { value }),
    };
    const kept = [next, ...versions].slice(0, keptVersions);
    await writeFileAtomic(place(key), `${JSON.stringify({ format: 1, versions: kept }, null, 2)}\n`);
    return { where: place(key), version };
  };

  return {
    name: 'local store',
    writable: true,
    async read(key) {
      const [newest] = await load(place(key));
      if (newest && newest.value !== undefined) return found(newest, place(key));
      return {
        state: 'absent',
        why: newest ? `version ${newest.version} of ${place(key)} was removed` : `there is no ${place(key)}`,
      };
    },
    write: (key, value, { cas }: WriteOptions): Promise<Written> =>
      change(async () => {
        const versions = await load(place(key));
        const [newest] = versions;
        const isAsExpected =
          cas === undefined ||
          (cas === 'absent' ? newest?.value === undefined : (newest?.version ?? 0) === cas);
        if (!isAsExpected) throw new DrawbridgeError('config_conflict', { where: place(key) });
        return await append(key, versions, value);
      }),
    remove: (key) =>
      change(async () => {
        const versions = await load(place(key));
        const removed = versions[0]?.value !== undefined;
        if (removed) await append(key, versions);
        return { removed, where: place(key) };
      }),
    async list() {
      const files = await filesIn(folder);
      const keys: string[] = [];
      for (const key of files) if ((await load(place(key)))[0]?.value !== undefined) keys.push(key);
      return keys;
    },
    async history(key) {
      return (await load(place(key))).map(
        ({ version, at, by, value }): ConfigVersion => ({
          version,
          state: value === undefined ? 'deleted' : 'present',
          at,
          ...(by === undefined ? {} : { by }),
        }),
      );
    },
    async readVersion(key, version) {
      const one = (await load(place(key))).find((each) => each.version === version);
      if (one && one.value !== undefined) return found(one, place(key));
      throw new DrawbridgeError('config_version_unknown', {
        where: place(key),
        message: `There is no version ${version} of ${key} to go back to.`,
      });
    },
  };
}

function found({ value, version, at, by }: StoredVersion, where: string): FoundAnswer {
  return { state: 'found', value, where, version, at, ...(by === undefined ? {} : { by }) };
}

/** Versions of a value, newest first. */
async function load(path: string): Promise<readonly StoredVersion[]> {
  let text: string;
  try {
    text = (await readPrivateFile(path, { maxBytes: 16 * 1024 * 1024 })).content.expose();
  } catch (error) {
    const { cause } = DrawbridgeError.from(error);
    if ((cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return [];
    throw error;
  }
  try {
    const { format, versions } = JSON.parse(text) as { format?: unknown; versions?: unknown };
    if (format === 1 && Array.isArray(versions) && versions.every(isVersion)) return versions;
  } catch {
    // Not repeated as a cause: the parser quotes what it read, which may be secret.
  }
  throw new DrawbridgeError('file_unreadable', {
    message: `${path} is not a file of the local store.`,
    where: path,
    fix: 'Move it away; the value then has to be set anew.',
  });
}

function isVersion(value: unknown): value is StoredVersion {
  if (typeof value !== 'object' || value === null) return false;
  const { version, at } = value as Partial<StoredVersion>;
  return Number.isSafeInteger(version) && Number.isFinite(at);
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length, -ending.length))
      .map((key) => key.replaceAll('\\', '/'))
      .filter((key) => !key.startsWith('.'))
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw translateFileError(error, folder, 'file_unreadable');
  }
}

/** A container may run as a number that has no name. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
