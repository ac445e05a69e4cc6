import { DrawbridgeError, type Logger, type TlsFiles } from '@drawbridge/kit';
import {
  type Cluster,
  type FrontProxyTrust,
  readClusterTrust,
  settleFrontProxy,
} from '@drawbridge/kubernetes';

/** What is set about the front proxy. */
export interface TrustSettings extends FrontProxyTrust {
  readonly clientCaFile: string | undefined;
}

/** Whom the server takes for kube-apiserver. */
export interface Trust {
  readonly frontProxy: (() => FrontProxyTrust) | undefined;
  readonly tls: Pick<TlsFiles, 'clientCaFile' | 'readClientCa'>;
  stop(): void;
}

/**
 * Finds out whom to take for kube-apiserver: whom the flags name; else whom the cluster names; else nobody, which leaves callers
 * with tokens of their own.
 *
 * @throws {DrawbridgeError} `invalid_settings` where names are given without an authority, or an authority without names
 */
export async function findTrust(
  settings: TrustSettings,
  cluster: Cluster | undefined,
  logger: Logger,
): Promise<Trust> {
  const { clientCaFile, allowedNames, usernameHeaders, uidHeaders, groupHeaders, extraPrefixes } = settings;
  const given = { allowedNames, usernameHeaders, uidHeaders, groupHeaders, extraPrefixes };
  if (clientCaFile !== undefined) {
    const trust = settleFrontProxy(given);
    return { frontProxy: () => trust, tls: { clientCaFile }, stop: () => undefined };
  }
  if (cluster) {
    const trust = await readClusterTrust({ cluster, given, logger });
    return { frontProxy: trust.current, tls: { readClientCa: trust.readClientCa }, stop: trust.stop };
  }
  if (allowedNames.length > 0) {
    throw new DrawbridgeError('invalid_settings', {
      message: 'A front proxy is named, but not who signs for it.',
      fix: 'Give --requestheader-client-ca-file, or --kubeconfig to have it read from the cluster.',
    });
  }
  return { frontProxy: undefined, tls: {}, stop: () => undefined };
}
