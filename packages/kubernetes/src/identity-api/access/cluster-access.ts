import type { Cluster } from '../../cluster/index.ts';
import { controlPlanePath } from '../../milo/index.ts';
import type { SubjectAccess } from './subject-access.ts';

/** A cluster's authorizers, and the way to end the connections to them. */
export interface ClusterAuthorizer {
  readonly subjectAccess: SubjectAccess;
  close(): Promise<void>;
}

/** Longer is not waited for: without an answer nothing is allowed. */
const timeoutMs = 10_000;
/** Control planes whose connections are kept open. */
const mostPlanes = 100;

/**
 * Asks a cluster's authorizers: those of the project's control plane that a request came through, else those of the cluster itself.
 *
 * @example
 * ```ts
 * import { clusterAuthorizer, createCluster, loadClusterAccess } from '@drawbridge/kubernetes';
 *
 * const cluster = createCluster({ access: await loadClusterAccess() });
 * const { subjectAccess, close } = clusterAuthorizer(cluster);
 * await close();
 * await cluster.close();
 * ```
 */
export function clusterAuthorizer(cluster: Cluster): ClusterAuthorizer {
  const planes = new Map<string, Cluster>();
  const planeOf = (project: string): Cluster => {
    const known = planes.get(project);
    if (known) {
      planes.delete(project);
      planes.set(project, known); // a Map keeps insertion order: now it is the newest
      return known;
    }
    const [oldest] = planes.size >= mostPlanes ? planes : [];
    if (oldest) {
      planes.delete(oldest[0]);
      // Questions under way end with their own errors, which are never a yes.
      oldest[1].close().catch(() => undefined);
    }
    const plane = cluster.at(controlPlanePath(project));
    planes.set(project, plane);
    return plane;
  };
  return {
    async subjectAccess({ caller, project, verb, group, resource, name }, signal) {
      const asked = project === undefined ? cluster : planeOf(project);
      const { username, uid, groups, extra } = caller;
      return await asked.reviewAccess(
        {
          user: username,
          ...(uid === '' ? {} : { uid }),
          groups,
          extra,
          resourceAttributes: { verb, group, resource, ...(name === undefined ? {} : { name }) },
        },
        { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) },
      );
    },
    async close() {
      await Promise.all([...planes.values()].map((plane) => plane.close()));
    },
  };
}
