import type { ResourceDescription, Verb } from '../resources/index.ts';

/** The one version of every group. */
export const version = 'v1alpha1';

/** Groups that the resources can be served in. The first is that of the founding document, the second Milo's of today. */
export const identityGroups = ['identity.milo.io', 'identity.miloapis.com'] as const;

/** One of the two groups. */
export type IdentityGroup = (typeof identityGroups)[number];

/** What discovery and OpenAPI tell of. */
export interface Served {
  /** The preferred first. */
  readonly groups: readonly string[];
  readonly resources: readonly ResourceDescription[];
}

/** `/apis` as every client reads it. */
export function groupList({ groups }: Served): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupEntry) };
}

/** `/apis/{group}` */
export function groupDocument(group: string): object {
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) };
}

/** `/apis/{group}/{version}` */
export function resourceList(group: string, { resources }: Served): object {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: `${group}/${version}`,
    resources: resources.map(({ plural, singular, kind, verbs, categories }) => ({
      name: plural,
      singularName: singular,
      namespaced: false,
      kind,
      verbs,
      categories,
    })),
  };
}

/** `/api`: there is no core group here. */
export const coreVersions = { kind: 'APIVersions', versions: [], serverAddressByClientCIDRs: [] };

/** The same in one document, which newer clients ask for. */
export function aggregated({ groups, resources }: Served, discoveryVersion: 'v2' | 'v2beta1'): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${discoveryVersion}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: [
        {
          version,
          freshness: 'Current',
          resources: resources.map((resource) => discoveredResource(group, resource)),
        },
      ],
    })),
  };
}

/** `/api` in that form. */
export function aggregatedCore(discoveryVersion: 'v2' | 'v2beta1'): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${discoveryVersion}`,
    metadata: {},
    items: [],
  };
}

function groupEntry(group: string) {
  const only = { groupVersion: `${group}/${version}`, version };
  return { name: group, versions: [only], preferredVersion: only };
}

interface DiscoveredResource {
  readonly resource: string;
  readonly responseKind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly scope: 'Cluster';
  readonly singularResource: string;
  readonly verbs: readonly Verb[];
  readonly categories: readonly string[];
}

function discoveredResource(
  group: string,
  { plural, singular, kind, verbs, categories }: ResourceDescription,
): DiscoveredResource {
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: 'Cluster',
    singularResource: singular,
    verbs,
    categories,
  };
}
