import { parentExtras, projectOrganization, resourceManagerGroup } from '../../milo/index.ts';
import { type Caller, extraOf } from '../caller/index.ts';

/** Where service accounts are looked for. */
export interface AccountScope {
  /** Organization in Zitadel. */
  readonly organizationId: string;
  /** The project in Milo; absent where the organization is set. */
  readonly project?: string;
}

/** How a request is put to an organization. */
export interface AccountScopeOptions {
  /** Organization of requests that come through no project. Default none: they are refused. */
  readonly organizationId?: string;
  /** Also takes the plain extra `project`, as of `kubectl --as-extra=project=NAME`. For tests. Default false. */
  readonly impersonationFallback?: boolean;
}

const projectName = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/**
 * The organization whose service accounts a caller means: that of the project through whose control plane it comes, as
 * kube-apiserver tells. Nothing that a caller writes itself chooses one.
 */
export function accountScopeOf(caller: Caller, options: AccountScopeOptions): AccountScope | undefined {
  const project = projectOf(caller, options);
  if (project !== undefined) return { organizationId: projectOrganization(project).id, project };
  return options.organizationId === undefined ? undefined : { organizationId: options.organizationId };
}

function projectOf(
  caller: Caller,
  { impersonationFallback = false }: AccountScopeOptions,
): string | undefined {
  if (caller.source !== 'front-proxy') return undefined;
  const isProject =
    extraOf(caller, parentExtras.type) === 'Project' &&
    (extraOf(caller, parentExtras.apiGroup) ?? resourceManagerGroup) === resourceManagerGroup;
  const named = isProject ? extraOf(caller, parentExtras.name) : undefined;
  const project = named ?? (impersonationFallback ? extraOf(caller, 'project') : undefined);
  return project !== undefined && projectName.test(project) ? project : undefined;
}
