import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { DrawbridgeError, requireSecureUrl, Secret } from '@drawbridge/kit';
import type { KubeConfig } from '@kubernetes/client-node';
import type { ClusterAccess, ClusterCredentials } from './access.ts';

/** Where the way to a cluster is written down. */
export interface ClusterAccessSource {
  /** A kubeconfig file. Default: the pod's service account inside a cluster, else `KUBECONFIG` or `~/.kube/config`. */
  readonly kubeconfig?: string;
  /** Context of the kubeconfig. Default its current one. */
  readonly context?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads how a cluster is reached. Client certificates, tokens, token files and exec plugins are taken as kubectl takes them;
 * proxies and `insecure-skip-tls-verify` are refused.
 *
 * @throws {DrawbridgeError} `invalid_kubeconfig`, `insecure_url` for plain http that is not loopback
 * @example
 * ```ts
 * import { createCluster, loadClusterAccess } from '@drawbridge/kubernetes';
 *
 * const cluster = createCluster({ access: await loadClusterAccess({ kubeconfig: '/etc/milo/kubeconfig' }) });
 * await cluster.close();
 * ```
 */
export async function loadClusterAccess(source: ClusterAccessSource = {}): Promise<ClusterAccess> {
  const where = source.kubeconfig ?? 'kubeconfig';
  let config = await load(source);
  const cluster = config.getCurrentCluster();
  if (!cluster) throw refused(where, `The kubeconfig ${where} has no current context with a cluster.`);
  const url = requireSecureUrl(cluster.server);
  if (cluster.proxyUrl !== undefined)
    throw refused(where, 'Its cluster is behind a proxy-url, which is not supported.');
  if (cluster.skipTLSVerify && url.protocol === 'https:')
    throw refused(
      where,
      'It has insecure-skip-tls-verify, with which anybody could be the cluster. Give the authority instead.',
    );
  const context = config.getCurrentContext();
  const namespace = config.getContextObject(context)?.namespace;
  return {
    server: cluster.server.replace(/\/+$/, ''),
    context,
    ...(namespace === undefined ? {} : { namespace }),
    ...(cluster.tlsServerName === undefined ? {} : { tlsServerName: cluster.tlsServerName }),
    async credentials({ refresh = false } = {}) {
      // The library keeps tokens of exec plugins although the server refused them: only a new reading forgets them.
      if (refresh) config = await load(source);
      return await credentialsOf(config, where);
    },
  };
}

/** client-node takes 0.4 s to load: it is, when somebody means to reach a cluster. */
async function load({ kubeconfig, context, env = process.env }: ClusterAccessSource): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const where = kubeconfig ?? env.KUBECONFIG ?? 'kubeconfig';
  try {
    if (kubeconfig !== undefined) {
      await readFile(kubeconfig);
      config.loadFromFile(kubeconfig);
    } else if (env.KUBERNETES_SERVICE_HOST) config.loadFromCluster();
    else config.loadFromDefault();
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
    // Not kept as cause: errors of a YAML parser quote the file, and the file holds keys.
    throw refused(
      where,
      code === 'ENOENT' ? `There is no kubeconfig at ${where}.` : `What is at ${where} is no kubeconfig.`,
      code,
    );
  }
  if (context !== undefined) {
    if (!config.getContextObject(context))
      throw refused(where, `The kubeconfig ${where} has no context ${context}.`);
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  // The library's own word for "I know that this is plain http".
  if (cluster?.server.startsWith('http:')) Object.assign(cluster, { skipTLSVerify: true });
  return config;
}

async function credentialsOf(config: KubeConfig, where: string): Promise<ClusterCredentials> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch {
    // Nor here: what an exec plugin wrote may be a token.
    throw refused(where, 'The credentials of its user cannot be had.');
  }
  const headers = new Headers(
    Object.entries(options.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const token = /^Bearer (.+)$/s.exec(headers.get('authorization') ?? '')?.[1]?.trim();
  headers.delete('authorization');
  const cert = asText(options.cert);
  const key = asText(options.key);
  const ca = asText(options.ca);
  return {
    ...(token === undefined ? {} : { token: new Secret(token) }),
    ...(cert === undefined || key === undefined ? {} : { clientCertificate: { cert, key: new Secret(key) } }),
    ...(ca === undefined ? {} : { ca }),
    headers: Object.fromEntries(headers),
  };
}

/** PEM as the library gives it: a Buffer, or a text. */
function asText(pem: unknown): string | undefined {
  if (typeof pem === 'string') return pem;
  return Buffer.isBuffer(pem) ? pem.toString('utf8') : undefined;
}

function refused(where: string, message: string, saw?: string): DrawbridgeError {
  return new DrawbridgeError('invalid_kubeconfig', { message, where, ...(saw === undefined ? {} : { saw }) });
}
