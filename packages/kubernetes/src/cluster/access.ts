import type { ClientIdentity, Secret } from '@drawbridge/kit';

/** Where a kube-apiserver is, and as whom it is called. */
export interface ClusterAccess {
  /** URL without a slash at the end; it may have a path, as the control planes of projects do. */
  readonly server: string;
  /** Namespace of the kubeconfig's context, or of the pod. */
  readonly namespace?: string;
  /** Name of the kubeconfig's context. */
  readonly context?: string;
  /** Name that the server's certificate has to carry, where it is not that of the URL. */
  readonly tlsServerName?: string;
  /**
   * The present credentials. Asked again and again: tokens and certificates are renewed behind it.
   *
   * @param refresh whether the server has refused the former ones
   * @throws {DrawbridgeError} `invalid_kubeconfig`
   */
  credentials(options?: { readonly refresh?: boolean }): Promise<ClusterCredentials>;
}

/** What a call shows, and whom it trusts. */
export interface ClusterCredentials {
  readonly token?: Secret<string>;
  readonly clientCertificate?: ClientIdentity;
  /** PEM of the server's authorities; absent means Node's. */
  readonly ca?: string;
  /** Further headers, such as those of impersonation. */
  readonly headers?: Readonly<Record<string, string>>;
}
