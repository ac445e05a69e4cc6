import type { Zitadel } from '@drawbridge/zitadel';
import type { StepResult } from '../../saga/index.ts';

/** Roles of the application project; the directory's own roles have the same keys. */
export const applicationRoles: readonly string[] = ['admin', 'manager', 'user'];

export interface WantedGrant {
  readonly projectId: string;
  readonly organizationId: string;
  /** Roles the grant must hold; it keeps others. None: whatever the project has. */
  readonly roleKeys: readonly string[];
}

/**
 * Makes sure that an organization may use a project. Without a project grant every authorization in it would fail.
 *
 * @returns how the step ends where a person has to see to it, else nothing
 */
export async function makeSureOfGrant(
  zitadel: Zitadel,
  { projectId, organizationId, roleKeys }: WantedGrant,
  signal: AbortSignal,
): Promise<StepResult<never> | undefined> {
  const project = await zitadel.projects.find(projectId, { signal });
  if (!project) {
    return {
      outcome: 'attention',
      code: 'project_unknown',
      reason: `Zitadel has no project ${projectId}, or the service account may not see it.`,
    };
  }
  // The project's own organization needs no grant, and Zitadel refuses one.
  if (project.organizationId === organizationId) return undefined;
  const grantedOrganizationId = organizationId;
  for await (const grant of zitadel.projects.listGrants({ projectId, grantedOrganizationId }, { signal })) {
    if (grant.state === 'PROJECT_GRANT_STATE_INACTIVE') {
      return {
        outcome: 'attention',
        code: 'project_not_granted',
        reason: 'The project grant is deactivated in Zitadel.',
      };
    }
    const missing = roleKeys.filter((key) => !grant.grantedRoleKeys?.includes(key));
    if (missing.length > 0) {
      const keys = [...(grant.grantedRoleKeys ?? []), ...missing];
      await zitadel.projects.updateGrant({ projectId, grantedOrganizationId, roleKeys: keys }, { signal });
    }
    return undefined;
  }
  // The list lags: a grant that is there already is what was wanted.
  await zitadel.projects.ensureGrant(
    { projectId, grantedOrganizationId, roleKeys: [...roleKeys] },
    { signal },
  );
  return undefined;
}

/** Keys of all roles of a project. */
export async function roleKeysOf(
  zitadel: Zitadel,
  projectId: string,
  signal: AbortSignal,
): Promise<string[]> {
  const roles = await zitadel.projects.listRoles(projectId, {}, { signal }).all();
  return roles.map(({ key }) => key);
}
