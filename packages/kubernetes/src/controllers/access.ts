/** A rule of RBAC. @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export interface AccessRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const iam = ['iam.miloapis.com'];
const reads = ['get', 'list', 'watch'];

/**
 * What the controllers call, and nothing else; manifests are made of it. `cluster` is for every cluster and control plane that is
 * reconciled, `own` for the namespace in which the Lease is.
 */
export const controllerAccess: {
  readonly cluster: readonly AccessRule[];
  readonly own: readonly AccessRule[];
} = {
  cluster: [
    {
      apiGroups: iam,
      resources: ['users', 'userdeactivations', 'serviceaccounts', 'machineaccounts'],
      // Finalizers are written by patch; where the admission plugin asks, by the subresource below.
      verbs: [...reads, 'patch'],
    },
    {
      apiGroups: iam,
      resources: [
        'users/status',
        'userdeactivations/status',
        'serviceaccounts/status',
        'machineaccounts/status',
      ],
      verbs: ['patch'],
    },
    {
      apiGroups: iam,
      resources: [
        'users/finalizers',
        'userdeactivations/finalizers',
        'serviceaccounts/finalizers',
        'machineaccounts/finalizers',
      ],
      verbs: ['update'],
    },
    { apiGroups: ['resourcemanager.miloapis.com'], resources: ['projects'], verbs: [...reads, 'patch'] },
    { apiGroups: ['resourcemanager.miloapis.com'], resources: ['projects/status'], verbs: ['patch'] },
    { apiGroups: ['resourcemanager.miloapis.com'], resources: ['projects/finalizers'], verbs: ['update'] },
    { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
    // Where keys of service accounts are kept in Secrets; no list, no watch.
    { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create', 'update'] },
  ],
  own: [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] }],
};
