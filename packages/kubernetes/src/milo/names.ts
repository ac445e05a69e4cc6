/** The API groups of Milo. */
export const iamGroup = 'iam.miloapis.com';
export const resourceManagerGroup = 'resourcemanager.miloapis.com';
/** Version of all kinds of Milo that are known here. */
export const miloVersion = 'v1alpha1';

/** Who has to be done before an object may go. The names are those of the Go provider: objects that it left are taken over. */
export const finalizers = {
  user: 'iam.miloapis.com/user',
  userDeactivation: 'iam.miloapis.com/userdeactivation',
  serviceAccount: 'iam.miloapis.com/serviceaccount',
  project: 'auth-provider-zitadel.miloapis.com/project',
} as const;

/** Extras of a request that came through a project's control plane. */
export const parentExtras = {
  apiGroup: 'iam.miloapis.com/parent-api-group',
  type: 'iam.miloapis.com/parent-type',
  name: 'iam.miloapis.com/parent-name',
} as const;

/** Name of the one cluster where there are no projects. */
export const singleClusterName = 'single';

/**
 * Path of a project's control plane below the server.
 *
 * @example
 * ```ts
 * import { controlPlanePath } from '@drawbridge/kubernetes';
 *
 * console.log(controlPlanePath('shop')); // /apis/resourcemanager.miloapis.com/v1alpha1/projects/shop/control-plane
 * ```
 */
export function controlPlanePath(project: string): string {
  return `/apis/${resourceManagerGroup}/${miloVersion}/projects/${encodeURIComponent(project)}/control-plane`;
}

/** Zitadel's organization of a project. */
export function projectOrganization(project: string): { readonly id: string; readonly name: string } {
  return { id: `project-${project}`, name: `Project - ${project}` };
}

/** Mail address, and user name in Zitadel, of a service account. */
export function serviceAccountEmail(name: string, project: string, suffix: string): string {
  return `${name}@${project}.${suffix}`;
}

/** The same of the older kind, whose name is in a namespace; its suffix is fixed. */
export function machineAccountEmail(uid: string, namespace: string, project: string): string {
  return `${uid}@${namespace}.${project}.${iamGroup}`;
}
