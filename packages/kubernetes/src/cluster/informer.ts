import {
  type Clock,
  DrawbridgeError,
  type Logger,
  type Metrics,
  noMetrics,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import type { ListFilter, ObjectClient } from './object-client.ts';
import { type KubeObject, resourceName, type Stored } from './objects.ts';

/** What became of an object. */
export interface Change<T extends KubeObject> {
  readonly type: 'added' | 'changed' | 'deleted' | 'resync';
  readonly object: Stored<T>;
  /** What was known of it before, of one that changed or is gone. */
  readonly former?: Stored<T>;
}

export interface InformerOptions<T extends KubeObject> {
  readonly client: ObjectClient<T>;
  /** Which of them. Default all. */
  readonly filter?: ListFilter;
  /** Told of every change. It should only put a key into a queue; what it throws is logged and harms nobody. */
  readonly onChange: (change: Change<T>) => void;
  /** How often every object is told again, in milliseconds, give or take a tenth. Default 10 minutes. */
  readonly resyncMs?: number;
  /** Default 300. */
  readonly watchSeconds?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** A copy of all objects of a kind, kept up to date. It may lag; whoever acts on it reads the object again first. */
export interface Informer<T extends KubeObject> {
  /** Whether everything was read at least once. */
  readonly synced: boolean;
  /** Why it is not in order now; undefined while it is. */
  readonly trouble: DrawbridgeError | undefined;
  get(name: string, namespace?: string): Stored<T> | undefined;
  all(): readonly Stored<T>[];
  /** Resolves once everything was read. @throws the signal's reason */
  untilSynced(signal: AbortSignal): Promise<void>;
  /** Lists and watches until the signal ends it. Never ends by itself, and never throws. */
  run(signal: AbortSignal): Promise<void>;
}

/** Waits after failures double up to this. */
const longestWaitMs = 30_000;
/** A kind that is not served yet is looked for this often. */
const missingWaitMs = 30_000;
/** A watch that ended without a word is opened again at once, but not in a circle. */
const shortestWatchMs = 1_000;

/**
 * Makes an informer: lists, then watches from there with bookmarks, and goes on whatever happens. A dropped watch is opened again
 * where it was; a forgotten version has everything listed again, and what was deleted meanwhile told as deleted; a failing server
 * is asked less and less often; a kind that is not served is waited for.
 *
 * @example
 * ```ts
 * import { createCluster, createInformer, loadClusterAccess, users } from '@drawbridge/kubernetes';
 *
 * const cluster = createCluster({ access: await loadClusterAccess() });
 * const informer = createInformer({
 *   client: cluster.objects(users),
 *   onChange: ({ type, object }) => console.log(type, object.metadata.name),
 * });
 * await informer.run(AbortSignal.timeout(60_000));
 * ```
 */
export function createInformer<T extends KubeObject>(options: InformerOptions<T>): Informer<T> {
  const {
    client,
    filter = {},
    onChange,
    resyncMs = 600_000,
    watchSeconds = 300,
    clock = systemClock,
    random = Math.random,
    logger = silentLogger,
    metrics = noMetrics,
  } = options;
  const resource = resourceName(client.type);
  const log = { component: 'informer', path: resource };
  const objects = new Map<string, Stored<T>>();
  const firstList = Promise.withResolvers<void>();
  let synced = false;
  let trouble: DrawbridgeError | undefined;

  const tell = (type: Change<T>['type'], object: Stored<T>, former?: Stored<T>) => {
    try {
      onChange({ type, object, ...(former ? { former } : {}) });
    } catch (error) {
      logger.error({ ...log, err: error }, 'a change could not be taken in');
    }
  };
  const put = (object: Stored<T>) => {
    const key = keyOf(object.metadata.name, object.metadata.namespace);
    const former = objects.get(key);
    objects.set(key, object);
    if (!former) tell('added', object);
    else if (former.metadata.uid !== object.metadata.uid) {
      // Deleted and made again in a moment that we did not see.
      tell('deleted', former);
      tell('added', object);
    } else if (former.metadata.resourceVersion !== object.metadata.resourceVersion)
      tell('changed', object, former);
  };
  const remove = (key: string, last?: Stored<T>) => {
    const former = objects.get(key);
    objects.delete(key);
    const object = last ?? former;
    if (object) tell('deleted', object, former);
  };

  const list = async (signal: AbortSignal): Promise<string> => {
    const { items, resourceVersion } = await client.list(filter, { signal, priority: 'low' });
    const there = new Set<string>();
    for (const object of items) {
      there.add(keyOf(object.metadata.name, object.metadata.namespace));
      put(object);
    }
    for (const key of [...objects.keys()]) if (!there.has(key)) remove(key);
    if (!synced) {
      synced = true;
      firstList.resolve();
    }
    metrics.count('drawbridge_informer_lists_total', { resource });
    return resourceVersion;
  };

  /** Watches from a version until the watch ends; gives the version to go on from. */
  const watch = async (from: string, signal: AbortSignal, onVersion: (version: string) => void) => {
    // Not all informers at the same second.
    const timeoutSeconds = Math.round(watchSeconds * (1 + random()));
    for await (const event of client.watch({ ...filter, resourceVersion: from, timeoutSeconds, signal })) {
      trouble = undefined;
      if (event.type === 'BOOKMARK') {
        onVersion(event.resourceVersion);
        continue;
      }
      const { name, namespace, resourceVersion } = event.object.metadata;
      if (event.type === 'DELETED') remove(keyOf(name, namespace), event.object);
      else put(event.object);
      onVersion(resourceVersion);
    }
  };

  const resync = async (signal: AbortSignal) => {
    for (;;) {
      const wait = resyncMs * (0.9 + 0.2 * random());
      await clock.sleep(wait, signal, { background: true }).catch(() => undefined);
      if (signal.aborted) return;
      for (const object of objects.values()) tell('resync', object);
    }
  };

  const follow = async (signal: AbortSignal) => {
    let version: string | undefined;
    let failures = 0;
    while (!signal.aborted) {
      const began = clock.now();
      let waitMs = 0;
      try {
        version ??= await list(signal);
        trouble = undefined;
        await watch(version, signal, (next) => {
          version = next;
          failures = 0;
        });
        failures = 0;
        waitMs = Math.max(0, shortestWatchMs - (clock.now() - began)) * random();
      } catch (caught) {
        if (signal.aborted) return;
        const error = DrawbridgeError.from(caught);
        if (error.code === 'kubernetes_expired') {
          version = undefined;
          logger.info(
            { ...log, code: error.code },
            'the watch was too far behind; everything is listed again',
          );
          // Twice in a row is a server that forgets faster than it lists.
          waitMs = failures > 0 ? backoffMs(failures) : 0;
        } else {
          const known = trouble?.code === error.code;
          trouble = error;
          const missing = error.code === 'kubernetes_kind_missing';
          waitMs = missing ? missingWaitMs : backoffMs(failures);
          if (missing) version = undefined;
          // Said once: a kind that a cluster does not have would be said for ever.
          logger[known ? 'debug' : 'warn'](
            { ...log, code: error.code, attempt: failures + 1, ms: Math.round(waitMs) },
            'not followed; tried again',
          );
        }
        failures += 1;
      }
      if (waitMs > 0) await clock.sleep(waitMs, signal, { background: true }).catch(() => undefined);
    }
  };
  const backoffMs = (failures: number) =>
    (0.5 + 0.5 * random()) * Math.min(longestWaitMs, 200 * 2 ** Math.min(failures, 20));

  return {
    get synced() {
      return synced;
    },
    get trouble() {
      return trouble;
    },
    get: (name, namespace) => objects.get(keyOf(name, namespace)),
    all: () => [...objects.values()],
    async untilSynced(signal) {
      const ended = Promise.withResolvers<never>();
      const onAbort = () => ended.reject(signal.reason);
      signal.throwIfAborted();
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        await Promise.race([firstList.promise, ended.promise]);
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
    async run(signal) {
      await Promise.all([follow(signal), resync(signal)]);
    },
  };
}

function keyOf(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
