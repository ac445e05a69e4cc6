import type { FoundAdministrator, OwnRoles } from '@drawbridge/zitadel';

/** A role of an administrator, over what it holds. */
export interface HeldRole {
  readonly role: string;
  readonly resource: OwnRoles['resource'];
}

/** A role that a job takes. */
export interface NeededRole {
  readonly role: keyof typeof greater;
  /** Over this organization; absent: over the instance. */
  readonly organizationId?: string;
}

/** What a job takes, and what makes it better without being needed. */
export interface RoleDemand {
  readonly needs: readonly NeededRole[];
  readonly useful: readonly NeededRole[];
}

/** What an account may do against what its job takes, by names of roles. */
export interface RoleReport {
  readonly has: readonly string[];
  readonly needs: readonly string[];
  /** Needed, and not held by this name nor within a greater role. */
  readonly missing: readonly string[];
  /** Held, and the job would go on without all of them. */
  readonly superfluous: readonly string[];
}

/**
 * Roles that hold everything of ours that a role holds, the least first.
 *
 * @see cmd/defaults.yaml of Zitadel, `InternalAuthZ.RolePermissionMappings`
 */
const greater = {
  ORG_USER_MANAGER: ['ORG_OWNER', 'IAM_USER_MANAGER', 'IAM_ORG_MANAGER', 'IAM_OWNER'],
  IAM_USER_MANAGER: ['IAM_ORG_MANAGER', 'IAM_OWNER'],
  IAM_ORG_MANAGER: ['IAM_OWNER'],
  IAM_OWNER_VIEWER: ['IAM_OWNER'],
} as const;

/** Compares roles. Those over something else than the instance or `organizationId` are named with what they are over. */
export function compareRoles(
  held: readonly HeldRole[],
  { needs, useful }: RoleDemand,
  organizationId: string,
): RoleReport {
  const kept = new Set<HeldRole>();
  const missing: NeededRole[] = [];
  for (const needed of needs) {
    const found = [needed.role, ...greater[needed.role]]
      .map((role) => held.find((one) => one.role === role && reaches(one, needed)))
      .find((one) => one !== undefined);
    if (found) kept.add(found);
    else missing.push(needed);
  }
  for (const one of held) {
    if (useful.some((wanted) => wanted.role === one.role && reaches(one, wanted))) kept.add(one);
  }
  const superfluous = held.filter((one) => !kept.has(one));
  const neededName = ({ role, organizationId: over }: NeededRole) =>
    over === undefined || over === organizationId ? role : `${role} of ${over}`;
  return {
    has: namesOf(held, organizationId),
    needs: distinct(needs.map(neededName)),
    missing: distinct(missing.map(neededName)),
    superfluous: namesOf(superfluous, organizationId),
  };
}

/** Names of roles, each once. */
export function namesOf(held: readonly HeldRole[], organizationId: string): readonly string[] {
  return distinct(
    held.map(({ role, resource }) => {
      const over = Object.values(resource)[0];
      return over === true || over === organizationId ? role : `${role} of ${String(over)}`;
    }),
  );
}

/** Roles of an administrator as the list of them has it. */
export function heldOf({
  roles = [],
  organization,
  project,
  projectGrant,
}: FoundAdministrator): readonly HeldRole[] {
  const resource = organization?.id
    ? { organizationId: organization.id }
    : project?.id
      ? { projectId: project.id }
      : projectGrant?.id
        ? { projectGrantId: projectGrant.id }
        : { instance: true as const };
  return roles.map((role) => ({ role, resource }));
}

/** A role over the instance reaches every organization. */
function reaches({ resource }: HeldRole, { organizationId }: NeededRole): boolean {
  if ('instance' in resource) return true;
  return 'organizationId' in resource && resource.organizationId === organizationId;
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}
