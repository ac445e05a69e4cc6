import { Secret } from '@drawbridge/kit';
import type { CallOptions, RequestShape, Transport } from '../transport/index.ts';
import { OpenbaoError } from '../transport/index.ts';
import type { KvConfigBody, SecretBody, SecretMetadataBody, VersionMetadataBody } from '../wire/index.ts';
import { folderOf, keysOf, orUndefined, pathOf, readData } from './reading.ts';

/** What a secret holds: any JSON by key. */
export type KvData = Readonly<Record<string, unknown>>;

/** One version of a secret. */
export interface KvVersion {
  readonly version: number;
  readonly created: Date;
  readonly customMetadata: Readonly<Record<string, string>>;
}

/** A version with its data. */
export interface KvSecret extends KvVersion {
  readonly data: Secret<KvData>;
}

/** A condition on what is there: 0 for no version ever, else the number of the newest version, deleted or not. */
export interface CheckAndSet {
  readonly cas?: number;
}

/** Settings of one secret. */
export interface KvSettings {
  readonly maxVersions?: number;
  readonly casRequired?: boolean;
  /** Such as `720h`; `0s` for never. */
  readonly deleteVersionAfter?: string;
  /** Replaces all of it. */
  readonly customMetadata?: Readonly<Record<string, string>>;
}

/** A KV version 2 engine. Every method throws what the transport throws; the codes named are those to expect. */
export interface Kv2 {
  readonly mount: string;
  /**
   * A version, the newest by default.
   *
   * @throws {DrawbridgeError} `openbao_not_found`, `openbao_deleted_version`, `openbao_missing_mount`
   */
  get(path: string, options?: CallOptions & { readonly version?: number }): Promise<KvSecret>;
  /** As `get`, but undefined for a secret that is not there, or whose version was deleted. */
  find(path: string, options?: CallOptions & { readonly version?: number }): Promise<KvSecret | undefined>;
  /**
   * Writes a new version. Without `cas` the last writer wins.
   *
   * @throws {DrawbridgeError} `openbao_cas_conflict`, `openbao_missing_mount`
   */
  put(path: string, data: KvData | Secret<KvData>, options?: CallOptions & CheckAndSet): Promise<KvVersion>;
  /**
   * Writes a new version in which these keys are changed; null takes one away.
   *
   * @throws {DrawbridgeError} `openbao_not_found` also for a deleted one, `openbao_cas_conflict`
   * @see RFC 7396
   */
  patch(path: string, data: KvData | Secret<KvData>, options?: CallOptions & CheckAndSet): Promise<KvVersion>;
  /** Deletes versions so that they can be undeleted; the newest by default. What is not there is fine. */
  remove(path: string, options?: CallOptions & { readonly versions?: readonly number[] }): Promise<void>;
  undelete(path: string, versions: readonly number[], options?: CallOptions): Promise<void>;
  /** Deletes the data of versions for good. */
  destroy(path: string, versions: readonly number[], options?: CallOptions): Promise<void>;
  /** Deletes all versions and everything known of the secret. */
  purge(path: string, options?: CallOptions): Promise<void>;
  /** What is known of a secret without its data; undefined where nothing is. */
  metadata(path: string, options?: CallOptions): Promise<SecretMetadataBody | undefined>;
  writeMetadata(path: string, settings: KvSettings, options?: CallOptions): Promise<void>;
  /** Names in a folder, folders with a slash at their end; the root by default. */
  list(path?: string, options?: CallOptions): Promise<readonly string[]>;
  config(options?: CallOptions): Promise<KvConfigBody>;
}

/** The KV version 2 engine at a mount, over the transport. */
export function createKv2(transport: Transport, mount = 'secret'): Kv2 {
  const at = (kind: string, path: string) => `/${pathOf(mount)}/${kind}/${pathOf(path)}`;
  const versionsAt = async (
    kind: string,
    path: string,
    versions: readonly number[],
    options?: CallOptions,
  ) => {
    const request: RequestShape = {
      method: 'POST',
      path: at(kind, path),
      body: { versions },
      repeatable: true,
    };
    await transport.call(request, options);
  };
  const write = async (
    method: 'POST' | 'PATCH',
    path: string,
    data: KvData | Secret<KvData>,
    { cas, ...options }: CallOptions & CheckAndSet,
  ) => {
    const body = {
      data: data instanceof Secret ? data.expose() : data,
      options: cas === undefined ? {} : { cas },
    };
    const answer = await transport.call({ method, path: at('data', path), body }, options);
    return toVersion(readData<VersionMetadataBody>(answer, 'a version', { version: 'number' }));
  };

  return {
    mount,
    async get(path, { version, ...options } = {}) {
      const query = version === undefined ? '' : `?version=${version}`;
      const answer = await transport.call({ method: 'GET', path: at('data', path) + query }, options);
      const { data, metadata } = readData<SecretBody>(answer, 'a secret', {
        data: 'object',
        metadata: 'object',
      });
      return { ...toVersion(metadata), data: new Secret(data ?? {}) };
    },
    async find(path, options) {
      try {
        return await this.get(path, options);
      } catch (error) {
        const gone = ['openbao_not_found', 'openbao_deleted_version'];
        if (error instanceof OpenbaoError && gone.includes(error.code)) return undefined;
        throw error;
      }
    },
    put: (path, data, options = {}) => write('POST', path, data, options),
    patch: (path, data, options = {}) => write('PATCH', path, data, options),
    async remove(path, { versions, ...options } = {}) {
      if (versions) await versionsAt('delete', path, versions, options);
      else await transport.call({ method: 'DELETE', path: at('data', path), repeatable: false }, options);
    },
    undelete: (path, versions, options) => versionsAt('undelete', path, versions, options),
    destroy: (path, versions, options) => versionsAt('destroy', path, versions, options),
    async purge(path, options) {
      await transport.call({ method: 'DELETE', path: at('metadata', path) }, options);
    },
    metadata: (path, options) =>
      orUndefined(
        transport.call({ method: 'GET', path: at('metadata', path) }, options).then((answer) =>
          readData<SecretMetadataBody>(answer, 'metadata', {
            versions: 'object',
            current_version: 'number',
          }),
        ),
      ),
    async writeMetadata(path, settings, options) {
      const { maxVersions, casRequired, deleteVersionAfter, customMetadata } = settings;
      const body = {
        ...(maxVersions === undefined ? {} : { max_versions: maxVersions }),
        ...(casRequired === undefined ? {} : { cas_required: casRequired }),
        ...(deleteVersionAfter === undefined ? {} : { delete_version_after: deleteVersionAfter }),
        ...(customMetadata ? { custom_metadata: customMetadata } : {}),
      };
      await transport.call({ method: 'POST', path: at('metadata', path), body, repeatable: true }, options);
    },
    list: (path = '', options) =>
      keysOf(
        transport.call(
          { method: 'GET', path: `/${pathOf(mount)}/metadata/${folderOf(path)}?list=true` },
          options,
        ),
      ),
    async config(options) {
      const answer = await transport.call({ method: 'GET', path: `/${pathOf(mount)}/config` }, options);
      return readData<KvConfigBody>(answer, 'settings', { max_versions: 'number' });
    },
  };
}

function toVersion(body: VersionMetadataBody): KvVersion {
  return {
    version: body.version,
    created: new Date(body.created_time),
    customMetadata: body.custom_metadata ?? {},
  };
}
