import { DrawbridgeError } from '@drawbridge/kit/core';
import type { Kv2, Openbao } from '@drawbridge/openbao';
import { requireFolder, requireKey } from '../definition/index.ts';
import type { ConfigSource, ConfigVersion, ReadContext, WriteOptions } from '../sources/index.ts';
import { fileShelf } from './answer-shelf.ts';
import { conflict, describe } from './denial.ts';
import { dataOf, deletedVersion, found, versionOf } from './stored-value.ts';
import type { OpenbaoSession } from './types.ts';

/** Where in OpenBao the values are. */
export interface OpenbaoSourceOptions {
  /** Whose token is used; it is not closed with the source. A function gives a client that is signed in already. */
  readonly session: OpenbaoSession | (() => Promise<Openbao>);
  /** A KV version 2 engine. Default `secret`. */
  readonly mount?: string;
  /** Values are at `{mount}/{app}/{environment}/{key}`. It may be a folder in a folder, such as `teams/payments`. */
  readonly app: string;
  readonly environment: string;
  /**
   * Keeps values in files of mode 0600, for processes that live shorter than a value is fresh. Takes a session, which names whose they
   * are; its logout deletes them. Default: none are kept.
   */
  readonly cacheFolder?: string;
}

/** Versions that a history goes back. */
const longestHistory = 10;

/**
 * Values in OpenBao's KV version 2, at `{mount}/{app}/{environment}/{key}`. An object is written field by field, as `bao kv put` would;
 * anything else in the one field `value`.
 *
 * Its reads go through the manager's cache. History is read version by version, since the policy of developers gives them the data and
 * not its metadata.
 *
 * @throws {DrawbridgeError} `invalid_settings` for what is no name of a folder
 * @example
 * ```ts
 * import { createConfigManager, defineConfig } from '@drawbridge/config';
 * import { openbaoSource } from '@drawbridge/config/openbao';
 * import { Secret } from '@drawbridge/kit/core';
 * import { createOpenbao } from '@drawbridge/openbao';
 * import { z } from 'zod';
 *
 * const openbao = createOpenbao({ url: 'https://bao.acme.example', token: new Secret(process.env.OPENBAO_TOKEN ?? '') });
 * const store = openbaoSource({ session: async () => openbao, app: 'harmony', environment: 'dev' });
 * const config = createConfigManager({ sources: [store] });
 * const apiKey = defineConfig('billing/stripe-key', z.string(), { secret: true });
 * await config.set(apiKey, 'sk_test_1', { cas: 'absent' });
 * await config.close();
 * await openbao.close();
 * ```
 */
export function openbaoSource(options: OpenbaoSourceOptions): ConfigSource {
  const { session, mount = 'secret', cacheFolder } = options;
  const folder = `${requireFolder(options.app, 'an application')}/${requireFolder(options.environment, 'an environment')}`;
  const pathOf = (key: string) => `${folder}/${requireKey(key)}`;
  const whereOf = (key: string) => `${mount}/${pathOf(key)}`;
  const shelf =
    cacheFolder !== undefined && typeof session === 'object'
      ? fileShelf({ folder: cacheFolder, identity: () => session.identity(), pathOf: whereOf })
      : undefined;
  if (shelf && typeof session === 'object') session.onLogout(() => shelf.clear());

  /** Does something with the engine; once more after a new sign-in, where it takes a person and one may be asked. */
  const withKv = async <T>(
    { mayAsk, signal }: { readonly mayAsk: boolean; readonly signal?: AbortSignal },
    work: (kv: Kv2) => Promise<T>,
  ): Promise<T> => {
    if (typeof session === 'function') return await work((await session()).kv(mount));
    const signedIn = async () => (await session.openbao({ mayAsk, ...(signal ? { signal } : {}) })).kv(mount);
    const kv = await signedIn();
    try {
      return await work(kv);
    } catch (error) {
      // The token was dead, and the session behind it as well: that is found out within a call, where nobody is asked.
      if (!mayAsk || DrawbridgeError.from(error).code !== 'not_signed_in') throw error;
      return await work(await signedIn());
    }
  };
  const server = typeof session === 'function' ? undefined : session;
  const told = ({ signal }: { readonly signal?: AbortSignal }) => (signal ? { signal } : {});

  /** The newest version, or the number of the one that was deleted; undefined where there never was one. */
  const newest = async (key: string, context: ReadContext) => {
    try {
      return { secret: await withKv(context, (kv) => kv.get(pathOf(key), told(context))) };
    } catch (caught) {
      const error = DrawbridgeError.from(caught);
      if (error.code === 'openbao_not_found') return undefined;
      if (error.code === 'openbao_deleted_version') return { deleted: deletedVersion(error) };
      throw describe(error, whereOf(key), 'read', server);
    }
  };

  return {
    name: 'OpenBao',
    writable: true,
    remote: shelf ? { shelf } : {},

    async read(key, context) {
      const present = await newest(key, context);
      if (present?.secret) return found(present.secret, whereOf(key));
      const why = present
        ? `version ${present.deleted} of ${whereOf(key)} was deleted`
        : `there is nothing at ${whereOf(key)}`;
      return { state: 'absent', why };
    },

    async write(key, value, { cas, signal }: WriteOptions) {
      const context = { mayAsk: true, ...(signal ? { signal } : {}) };
      let expected = cas;
      if (typeof expected !== 'number') {
        const present = await newest(key, context);
        if (cas === 'absent' && present?.secret) throw conflict(whereOf(key));
        expected = present?.secret?.version ?? present?.deleted ?? 0;
      }
      try {
        const condition = { ...told(context), cas: expected };
        const written = await withKv(context, (kv) => kv.put(pathOf(key), dataOf(value), condition));
        return { where: whereOf(key), version: written.version };
      } catch (caught) {
        const error = DrawbridgeError.from(caught);
        if (error.code === 'openbao_cas_conflict') throw conflict(whereOf(key), error);
        throw describe(error, whereOf(key), 'written', server);
      }
    },

    async remove(key, context) {
      const present = await newest(key, context);
      const where = whereOf(key);
      if (!present?.secret) return { removed: false, where };
      try {
        await withKv(context, (kv) => kv.remove(pathOf(key), told(context)));
      } catch (error) {
        throw describe(DrawbridgeError.from(error), where, 'deleted', server);
      }
      return { removed: true, where };
    },

    async list(context) {
      const keys: string[] = [];
      const walk = async (below: string): Promise<void> => {
        const at = below === '' ? folder : `${folder}/${below}`;
        const names = await withKv(context, (kv) => kv.list(at, told(context)));
        for (const name of names) {
          const path = below === '' ? name : `${below}/${name}`;
          if (name.endsWith('/')) await walk(path.slice(0, -1));
          else keys.push(path);
        }
      };
      await walk('').catch((error: unknown) => {
        throw describe(DrawbridgeError.from(error), `${mount}/${folder}`, 'listed', server);
      });
      return keys.filter(isKey);
    },

    async history(key, context) {
      const present = await newest(key, context);
      if (!present) return [];
      const last = present.secret?.version ?? present.deleted ?? 0;
      const numbers = Array.from({ length: Math.min(last, longestHistory) }, (_, back) => last - back);
      const stateOf = async (version: number): Promise<ConfigVersion | undefined> => {
        if (version === present.secret?.version) return versionOf(present.secret);
        try {
          return versionOf(await withKv(context, (kv) => kv.get(pathOf(key), { ...told(context), version })));
        } catch (caught) {
          const error = DrawbridgeError.from(caught);
          if (error.code === 'openbao_deleted_version') return { version, state: 'deleted' };
          // Versions beyond the kept ones have fallen out.
          if (error.code === 'openbao_not_found') return undefined;
          throw describe(error, whereOf(key), 'read', server);
        }
      };
      const versions = await Promise.all(numbers.map(stateOf));
      return versions.filter((one) => one !== undefined);
    },

    async readVersion(key, version, context) {
      try {
        return found(
          await withKv(context, (kv) => kv.get(pathOf(key), { ...told(context), version })),
          whereOf(key),
        );
      } catch (caught) {
        const error = DrawbridgeError.from(caught);
        if (!['openbao_not_found', 'openbao_deleted_version'].includes(error.code))
          throw describe(error, whereOf(key), 'read', server);
        throw new DrawbridgeError('config_version_unknown', {
          message: `There is no version ${version} of ${key} to go back to${error.code === 'openbao_not_found' ? '' : ': it was deleted'}.`,
          where: whereOf(key),
          cause: error,
        });
      }
    },
  };
}

function isKey(path: string): boolean {
  try {
    return requireKey(path) === path;
  } catch {
    return false;
  }
}
