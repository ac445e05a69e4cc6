import type { CodeInfo } from './code-info.ts';

/**
 * Codes of calls to a kube-apiserver. Where it refuses *our* credential, the caller of our own API is not at fault: those
 * codes answer 502, never 401 or 403.
 */
export const kubernetesCodes = {
  invalid_kubeconfig: {
    status: 500,
    exit: 2,
    reason: 'InternalError',
    message: 'The kubeconfig cannot be used.',
    fix: 'Try the same file with kubectl; give its path with --kubeconfig.',
  },
  kubernetes_unauthenticated: {
    status: 502,
    exit: 3,
    reason: 'InternalError',
    message: 'The kube-apiserver did not accept the credentials.',
    fix: 'Check the service account, or the user of the kubeconfig.',
  },
  kubernetes_forbidden: {
    status: 502,
    exit: 4,
    reason: 'InternalError',
    message: 'The kube-apiserver does not permit this to us.',
    fix: 'Apply the RBAC manifests of this version.',
  },
  kubernetes_not_found: {
    status: 404,
    exit: 1,
    reason: 'NotFound',
    message: 'The cluster has no such object.',
  },
  kubernetes_kind_missing: {
    status: 503,
    exit: 1,
    reason: 'ServiceUnavailable',
    message: 'The cluster does not serve that kind of object.',
    fix: 'Install its custom resource definition.',
  },
  kubernetes_already_exists: {
    status: 409,
    exit: 1,
    reason: 'AlreadyExists',
    message: 'The cluster has an object of that name already.',
  },
  kubernetes_conflict: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'The object has changed in the cluster meanwhile.',
  },
  kubernetes_invalid: {
    status: 422,
    exit: 2,
    reason: 'Invalid',
    message: 'The kube-apiserver does not accept the object.',
  },
  kubernetes_expired: {
    status: 410,
    exit: 1,
    reason: 'Expired',
    message: 'The kube-apiserver no longer has the state that was asked for.',
  },
  leadership_lost: {
    status: 503,
    exit: 1,
    reason: 'ServiceUnavailable',
    message: 'Another process leads by now, or the lease could not be renewed in time.',
    fix: 'Nothing, if it happens once; else look at the load of kube-apiserver and of this process.',
  },
  kubernetes_failed: {
    status: 502,
    exit: 1,
    reason: 'InternalError',
    message: 'The kube-apiserver failed.',
    fix: 'Look at its log at this time.',
  },
} satisfies Record<string, CodeInfo>;
