import { type Clock, DrawbridgeError, type Logger, silentLogger, systemClock } from '@drawbridge/kit';
import { type Cluster, configMaps } from '../../cluster/index.ts';
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
  /** How often it is read again, in milliseconds. Default 60,000. */
  readonly everyMs?: number;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Ends the first reading. */
  readonly signal?: AbortSignal;
}

const name = 'extension-apiserver-authentication';
const namespace = 'kube-system';

/**
 * Reads from `kube-system/extension-apiserver-authentication` whom to trust as the front proxy, and goes on reading: kube-apiserver
 * writes it anew when its authority changes. What cannot be read leaves the former trust as it is.
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
  const { cluster, given = {}, everyMs = 60_000, logger = silentLogger, clock = systemClock } = options;
  const objects = cluster.objects(configMaps, namespace);
  const read = async (signal?: AbortSignal) => {
    const { data = {} } = await objects.get(name, signal ? { signal } : {});
    return readTrust(data, given);
  };
  let current = await patiently(() => read(options.signal), clock, options.signal);
  const ended = new AbortController();
  const follow = async () => {
    while (!ended.signal.aborted) {
      try {
        await clock.sleep(everyMs, ended.signal, { background: true });
      } catch {
        return; // only the signal ends a sleep
      }
      try {
        current = await read(ended.signal);
      } catch (error) {
        if (!ended.signal.aborted)
          logger.warn({ component: 'apiserver', err: error }, 'trust in the front proxy was not read again');
      }
    }
  };
  void follow();
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
