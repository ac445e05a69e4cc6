import { type Clock, DrawbridgeError, type Logger, silentLogger, systemClock } from '@drawbridge/kit';
import { type Cluster, configMaps, createInformer } from '../../cluster/index.ts';
import { type FrontProxyTrust, settleFrontProxy } from './front-proxy.ts';

/** Trust that is read from the cluster, and kept as it is there. */
export interface ClusterTrust {
  readonly current: () => FrontProxyTrust;
  /** PEM of the authorities of the front proxy, as they are now. For `readClientCa` of the TLS files. */
  readonly readClientCa: () => Promise<string>;
  stop(): void;
}

/** Which cluster, and what is set by hand. */
export interface ClusterTrustOptions {
  readonly cluster: Pick<Cluster, 'objects'>;
  /** What comes before the cluster's own words. */
  readonly given?: Partial<FrontProxyTrust>;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Ends the first reading. */
  readonly signal?: AbortSignal;
}

const name = 'extension-apiserver-authentication';
const namespace = 'kube-system';

/**
 * Reads from `kube-system/extension-apiserver-authentication` whom to trust as the front proxy, and watches it: kube-apiserver
 * writes it anew when its authority changes. What cannot be read, or is gone, leaves the former trust as it is.
 *
 * @throws {DrawbridgeError} `invalid_settings` where the cluster has no front proxy or names nobody; why it could not be read
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/
 * @example
 * ```ts
 * import { createCluster, loadClusterAccess, readClusterTrust } from '@drawbridge/kubernetes';
 *
 * const cluster = createCluster({ access: await loadClusterAccess() });
 * const trust = await readClusterTrust({ cluster });
 * console.log(trust.current().allowedNames);
 * trust.stop();
 * ```
 */
export async function readClusterTrust(options: ClusterTrustOptions): Promise<ClusterTrust> {
  const { cluster, given = {}, logger = silentLogger, clock = systemClock } = options;
  const objects = cluster.objects(configMaps, namespace);
  let current = await patiently(
    async () => {
      const { data = {} } = await objects.get(name, options.signal ? { signal: options.signal } : {});
      return readTrust(data, given);
    },
    clock,
    options.signal,
  );
  const informer = createInformer({
    client: objects,
    // A right to one object by its name is a right to watch just that one.
    filter: { fieldSelector: `metadata.name=${name}` },
    onChange: ({ type, object }) => {
      if (type === 'deleted') return;
      try {
        current = readTrust(object.data ?? {}, given);
      } catch (error) {
        logger.warn(
          { component: 'apiserver', err: error },
          'a change of trust in the front proxy was not taken over',
        );
      }
    },
    logger,
    clock,
  });
  const ended = new AbortController();
  void informer.run(ended.signal);
  return {
    current: () => current.trust,
    readClientCa: async () => current.ca,
    stop: () => ended.abort(),
  };
}

/** A kube-apiserver that has just started writes it a moment later. */
async function patiently(read: () => Promise<Read>, clock: Clock, signal?: AbortSignal): Promise<Read> {
  for (let left = mostTries; ; left--) {
    try {
      return await read();
    } catch (error) {
      if (left <= 0 || DrawbridgeError.from(error).code !== 'kubernetes_not_found') throw error;
      await clock.sleep(betweenMs, signal);
    }
  }
}

const mostTries = 20;
const betweenMs = 1_000;

interface Read {
  readonly ca: string;
  readonly trust: FrontProxyTrust;
}

function readTrust(data: Readonly<Record<string, string>>, given: Partial<FrontProxyTrust>): Read {
  const ca = data['requestheader-client-ca-file'];
  if (ca === undefined || ca === '') {
    throw new DrawbridgeError('invalid_settings', {
      message: 'The cluster has no authority of a front proxy.',
      where: `${namespace}/${name}`,
      fix: 'Start kube-apiserver with --requestheader-client-ca-file, or give the authority to this server.',
    });
  }
  const own = {
    allowedNames: texts(data['requestheader-allowed-names']),
    usernameHeaders: texts(data['requestheader-username-headers']),
    uidHeaders: texts(data['requestheader-uid-headers']),
    groupHeaders: texts(data['requestheader-group-headers']),
    extraPrefixes: texts(data['requestheader-extra-headers-prefix']),
  };
  const set = Object.fromEntries(Object.entries(given).filter(([, names]) => names.length > 0));
  return { ca, trust: settleFrontProxy({ ...own, ...set }) };
}

/** A list as JSON; what is none is none. */
function texts(json: string | undefined): readonly string[] {
  if (json === undefined || json === '') return [];
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
  } catch {
    return [];
  }
}
