import { type CallOptions, DrawbridgeError } from '@drawbridge/kit';
import type { ClusterAccess } from './access.ts';
import { type AccessReviewSpec, type AccessReviewStatus, reviewAccess } from './access-review.ts';
import { type ConnectionOptions, createConnection } from './connection.ts';
import { createObjectClient, type ObjectClient } from './object-client.ts';
import type { KubeObject, ResourceType } from './objects.ts';

/** How one cluster is called. */
export interface ClusterOptions extends ConnectionOptions {
  /** Who owns the fields that are applied. Default `drawbridge`. */
  readonly fieldManager?: string;
}

/** One kube-apiserver, or one control plane of it. */
export interface Cluster {
  /** URL of it, with the path of the control plane. */
  readonly server: string;
  /** Namespace of the kubeconfig's context, or of the pod. */
  readonly namespace: string | undefined;
  /** @param namespace of a namespaced kind; without one, objects of all namespaces are listed and watched */
  objects<T extends KubeObject>(type: ResourceType<T>, namespace?: string): ObjectClient<T>;
  /** Whether somebody may do something, as the cluster's authorizers say. */
  reviewAccess(question: AccessReviewSpec, options?: CallOptions): Promise<AccessReviewStatus>;
  /**
   * The same server under a path, with the same credentials: a project's control plane. It is closed on its own.
   *
   * @param path such as `/apis/resourcemanager.miloapis.com/v1alpha1/projects/shop/control-plane`
   */
  at(path: string): Cluster;
  /** Resolves when the server answers `/version`. @throws {DrawbridgeError} what calls throw */
  ping(options?: CallOptions): Promise<void>;
  /**
   * Reads what is no object, such as a container's log. One try; the body is the caller's to read, and its deadline the signal's.
   *
   * @param path begins with a slash
   * @throws {DrawbridgeError} what calls throw
   */
  read(path: string, options: ReadOptions): Promise<Response>;
  close(): Promise<void>;
}

/** How something that is no object is read. */
export interface ReadOptions {
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/**
 * Makes the client of a cluster. Nothing goes over the wire before the first call.
 *
 * @example
 * ```ts
 * import { configMaps, createCluster, loadClusterAccess } from '@drawbridge/kubernetes';
 *
 * const cluster = createCluster({ access: await loadClusterAccess() });
 * const trust = await cluster.objects(configMaps, 'kube-system').get('extension-apiserver-authentication');
 * console.log(Object.keys(trust.data ?? {}));
 * await cluster.close();
 * ```
 */
export function createCluster(options: ClusterOptions): Cluster {
  const { access, fieldManager = 'drawbridge' } = options;
  const connection = createConnection(options);
  return {
    server: access.server,
    namespace: access.namespace,
    objects: (type, namespace) =>
      createObjectClient(connection, type, {
        fieldManager,
        ...(type.namespaced && namespace !== undefined ? { namespace } : {}),
      }),
    reviewAccess: (question, call) => reviewAccess(connection, question, call),
    at(path) {
      if (!/^\/[^?#]*[^/?#]$/.test(path))
        throw new DrawbridgeError('invalid_settings', {
          message: 'That is no path of a control plane.',
          saw: path,
        });
      const below: ClusterAccess = { ...access, server: `${access.server}${path}` };
      return createCluster({ ...options, access: below });
    },
    async ping(call) {
      await connection.call({ method: 'GET', path: '/version' }, call);
    },
    read: (path, { query, signal }) =>
      connection.open({ method: 'GET', path, ...(query ? { query } : {}) }, { signal }),
    close: () => connection.close(),
  };
}
