import { type CallOptions, DrawbridgeError } from '@drawbridge/kit';
import type { ClusterRequest, Connection } from './connection.ts';
import {
  apiVersionOf,
  type Draft,
  type KubeObject,
  type ObjectList,
  type ResourceType,
  type Stored,
  type WatchEvent,
} from './objects.ts';
import { readList, readObject } from './reading.ts';
import { watchObjects } from './watch.ts';

/** Which objects. */
export interface ListFilter {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface WriteOptions extends CallOptions {
  /** Checks and admits, and stores nothing. Default false. */
  readonly dryRun?: boolean;
}

export interface DeleteOptions extends WriteOptions {
  /** Only this very object: one that was made again under the name is left alone. */
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** A merge patch (RFC 7396), or a JSON patch (RFC 6902) as a list of operations. */
export type Patch = Readonly<Record<string, unknown>> | readonly JsonPatchOperation[];

/** @see RFC 6902 */
export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'test';
  readonly path: string;
  readonly value?: unknown;
}

export interface WatchOptions extends ListFilter {
  /** Of the list that it goes on from. */
  readonly resourceVersion: string;
  /** How long the server keeps it open, in seconds. Default 300. */
  readonly timeoutSeconds?: number;
  /** Without any line for this long it ends, in milliseconds: the connection may be dead. Default 120,000. */
  readonly idleMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Objects of one kind, in one namespace or in all. Every method throws `kubernetes_kind_missing` where the cluster does not serve
 * the kind, `kubernetes_forbidden`, `kubernetes_unauthenticated`, and what calls throw: `unreachable`, `timeout`, `rate_limited`,
 * `circuit_open`, `canceled`.
 */
export interface ObjectClient<T extends KubeObject> {
  readonly type: ResourceType<T>;
  /** @throws {DrawbridgeError} `kubernetes_not_found` */
  get(name: string, options?: CallOptions): Promise<Stored<T>>;
  /** Undefined where the server has no object of that name now. */
  find(name: string, options?: CallOptions): Promise<Stored<T> | undefined>;
  /** All of them, read in pages; they are as they were at one moment unless the server forgot it meanwhile. */
  list(filter?: ListFilter & { readonly pageSize?: number }, options?: CallOptions): Promise<ObjectList<T>>;
  /** @throws {DrawbridgeError} `kubernetes_already_exists`, `kubernetes_invalid` */
  create(object: Draft<T>, options?: WriteOptions): Promise<Stored<T>>;
  /** Replaces the object. @throws {DrawbridgeError} `kubernetes_conflict` where its version is no longer the present one */
  replace(object: Stored<T>, options?: WriteOptions): Promise<Stored<T>>;
  /** @throws {DrawbridgeError} `kubernetes_not_found`, `kubernetes_invalid`, `kubernetes_conflict` */
  patch(
    name: string,
    patch: Patch,
    options?: WriteOptions & { readonly subresource?: 'status' },
  ): Promise<Stored<T>>;
  /** Server-side apply under our field manager, by force: what we apply is ours. It creates what is not there. */
  apply(object: Draft<T>, options?: ApplyOptions): Promise<Stored<T>>;
  /**
   * Server-side apply of the status alone. Every field that is ours has to be in it: those that are left out are removed. It is of
   * whatever object has the name now: of custom resources, servers take no uid here.
   *
   * @throws {DrawbridgeError} `kubernetes_not_found`
   */
  applyStatus(name: string, status: StatusOf<T>, options?: ApplyOptions): Promise<Stored<T>>;
  /** One that is not there counts as deleted: `false`. @throws {DrawbridgeError} `kubernetes_conflict` for another uid */
  delete(name: string, options?: DeleteOptions): Promise<boolean>;
  /**
   * What happens from a version on. Ends when the server ends it, or nothing came for too long.
   *
   * @throws {DrawbridgeError} `kubernetes_expired` where the server has forgotten the version: list again
   */
  watch(options: WatchOptions): AsyncIterable<WatchEvent<T>>;
}

export interface ApplyOptions extends WriteOptions {
  /** Default that of the cluster client. */
  readonly fieldManager?: string;
}

type StatusOf<T> = T extends { readonly status?: infer S } ? Exclude<S, undefined> : never;

const pageSize = 500;

/** The client of one kind of objects; see {@link ObjectClient}. */
export function createObjectClient<T extends KubeObject>(
  connection: Connection,
  type: ResourceType<T>,
  { namespace, fieldManager }: { readonly namespace?: string; readonly fieldManager: string },
): ObjectClient<T> {
  const path = collectionPath(type, namespace);
  const pathOf = (name: string, subresource?: string) =>
    `${path}/${segment(name)}${subresource === undefined ? '' : `/${subresource}`}`;
  const apiVersion = apiVersionOf(type);
  const whole = (object: Draft<T>) => ({ ...object, apiVersion, kind: type.kind });
  const one = async (request: ClusterRequest, options?: CallOptions): Promise<Stored<T>> =>
    readObject<T>(await connection.call(request, options), type, {
      stored: request.query?.dryRun === undefined,
    });
  const dry = (options: WriteOptions) => (options.dryRun ? { dryRun: 'All' } : {});
  const apply = (target: string, body: unknown, options: ApplyOptions) =>
    one(
      {
        method: 'PATCH',
        path: target,
        query: { fieldManager: options.fieldManager ?? fieldManager, force: 'true', ...dry(options) },
        body,
        // JSON is YAML.
        contentType: 'application/apply-patch+yaml',
        repeatable: true,
      },
      options,
    );

  const client: ObjectClient<T> = {
    type,
    get: (name, options) => one({ method: 'GET', path: pathOf(name) }, options),
    async find(name, options) {
      try {
        return await client.get(name, options);
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    async list({ pageSize: limit = pageSize, ...filter } = {}, options) {
      try {
        return await listAll(limit, filter, options);
      } catch (error) {
        // The server forgot the moment that the pages were of.
        if (!(error instanceof DrawbridgeError) || error.code !== 'kubernetes_expired') throw error;
        return await listAll(undefined, filter, options);
      }
    },
    create: (object, options = {}) =>
      one({ method: 'POST', path, query: { fieldManager, ...dry(options) }, body: whole(object) }, options),
    replace: (object, options = {}) =>
      one(
        {
          method: 'PUT',
          path: pathOf(object.metadata.name),
          query: { fieldManager, ...dry(options) },
          body: object,
        },
        options,
      ),
    patch: (name, patch, { subresource, ...options } = {}) =>
      one(
        {
          method: 'PATCH',
          path: pathOf(name, subresource),
          query: { fieldManager, ...dry(options) },
          body: patch,
          contentType: Array.isArray(patch) ? 'application/json-patch+json' : 'application/merge-patch+json',
        },
        options,
      ),
    apply: (object, options = {}) => apply(pathOf(object.metadata.name), whole(object), options),
    applyStatus: (name, status, options = {}) =>
      apply(pathOf(name, 'status'), { apiVersion, kind: type.kind, metadata: { name }, status }, options),
    async delete(name, { uid, resourceVersion, ...options } = {}) {
      const preconditions = { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) };
      try {
        await connection.call(
          {
            method: 'DELETE',
            path: pathOf(name),
            body: {
              apiVersion: 'v1',
              kind: 'DeleteOptions',
              propagationPolicy: 'Background',
              ...(Object.keys(preconditions).length > 0 ? { preconditions } : {}),
              ...(options.dryRun ? { dryRun: ['All'] } : {}),
            },
            repeatable: true,
          },
          options,
        );
        return true;
      } catch (error) {
        if (isNotFound(error)) return false;
        throw error;
      }
    },
    watch: (options) => watchObjects(connection, { path, type }, options),
  };

  const listAll = async (
    limit: number | undefined,
    filter: ListFilter,
    options: CallOptions | undefined,
  ): Promise<ObjectList<T>> => {
    const items: Stored<T>[] = [];
    let go: string | undefined;
    let resourceVersion = '';
    do {
      const query = { ...filter, limit: limit?.toString(), continue: go };
      const page = readList<T>(await connection.call({ method: 'GET', path, query }, options), type);
      items.push(...page.items);
      resourceVersion = page.resourceVersion;
      go = page.continue;
    } while (go !== undefined);
    return { items, resourceVersion };
  };
  return client;
}

/** Path of a kind's objects. */
function collectionPath(
  type: {
    readonly group: string;
    readonly version: string;
    readonly plural: string;
    readonly namespaced: boolean;
  },
  namespace: string | undefined,
): string {
  const { group, version, plural, namespaced } = type;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespaced && namespace !== undefined
    ? `${root}/namespaces/${segment(namespace)}/${plural}`
    : `${root}/${plural}`;
}

/** A name between slashes. Kubernetes takes none that would be another path. */
function segment(name: string): string {
  if (name === '' || name === '.' || name === '..' || name.includes('/'))
    throw new DrawbridgeError('invalid_request', { message: 'That is no name of an object.', saw: name });
  return encodeURIComponent(name);
}

function isNotFound(error: unknown): boolean {
  return error instanceof DrawbridgeError && error.code === 'kubernetes_not_found';
}
