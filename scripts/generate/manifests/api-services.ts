import { labelsOf, nameOf, type Program } from './service.ts';
import { namespace, type Settings } from './values.ts';

/** The groups of the virtual API: that of the founding document, and that of today's Milo. */
export const identityGroups = ['identity.milo.io', 'identity.miloapis.com'] as const;

/** Tells kube-apiserver where a group is served. Which authority its certificate comes from is cert-manager's to write. */
export function apiService(
  program: Program,
  group: (typeof identityGroups)[number],
  settings: Settings,
): object {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: {
      name: `v1alpha1.${group}`,
      labels: labelsOf(program),
      annotations: { 'cert-manager.io/inject-ca-from': `${namespace}/${nameOf(program)}-tls` },
    },
    spec: {
      group,
      version: 'v1alpha1',
      groupPriorityMinimum: settings.of('apiserver.groupPriorityMinimum', 1000),
      versionPriority: 15,
      service: { name: nameOf(program), namespace, port: 443 },
    },
  };
}
