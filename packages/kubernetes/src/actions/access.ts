/**
 * What the actions server calls in a cluster, and nothing else, as rules of RBAC; manifests are made of it.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export const actionsServerAccess: readonly {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}[] = [
  { apiGroups: ['iam.miloapis.com'], resources: ['users'], verbs: ['get', 'create'] },
  { apiGroups: ['iam.miloapis.com'], resources: ['users/status'], verbs: ['patch'] },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create'] },
];
