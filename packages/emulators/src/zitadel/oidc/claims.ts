import { objectState, primaryDomain, type State, type UserRow } from '../projections/index.ts';
import type { JsonObject } from '../wire/index.ts';
import { scopes } from './scopes.ts';

/** What userinfo, introspection and (where asked for) id_tokens say of a user (internal/api/oidc/userinfo.go). */
export function userClaims(state: State, user: UserRow, scope: readonly string[]): JsonObject {
  const claims: Record<string, unknown> = {};
  if (scope.includes('profile')) Object.assign(claims, profileClaims(user));
  if (user.human && scope.includes('email')) {
    claims.email = user.human.email;
    claims.email_verified = user.human.emailVerified;
  }
  if (user.human?.phone && scope.includes('phone')) {
    claims.phone_number = user.human.phone;
    claims.phone_number_verified = user.human.phoneVerified;
  }
  return { ...claims, ...namedClaims(state, user, scope) };
}

/** Claims that scopes of Zitadel's own ask for: these are in every token too (internal/api/oidc/userinfo.go). */
export function namedClaims(state: State, user: UserRow, scope: readonly string[]): JsonObject {
  const claims: Record<string, unknown> = {};
  const organization = state.organizations.get(user.organizationId);
  if (scope.includes(scopes.metadata) && user.metadata.size > 0) {
    claims[scopes.metadata] = Object.fromEntries(
      // Unpadded base64url, other than on the API.
      [...user.metadata.values()].map((row) => [
        row.key,
        Buffer.from(row.value, 'base64').toString('base64url'),
      ]),
    );
  }
  if (scope.includes(scopes.resourceOwner)) {
    claims[`${scopes.resourceOwner}:id`] = user.organizationId;
    claims[`${scopes.resourceOwner}:name`] = organization?.name;
    claims[`${scopes.resourceOwner}:primary_domain`] = primaryDomain(organization);
  }
  for (const asked of scope) {
    if (asked.startsWith(scopes.organizationId)) {
      claims['urn:zitadel:iam:org:id'] = asked.slice(scopes.organizationId.length);
      claims[`${scopes.resourceOwner}:id`] = user.organizationId;
      claims[`${scopes.resourceOwner}:name`] = organization?.name;
      claims[`${scopes.resourceOwner}:primary_domain`] = primaryDomain(organization);
    }
    if (asked.startsWith(scopes.organizationDomain)) {
      claims['urn:zitadel:iam:org:domain:primary'] = asked.slice(scopes.organizationDomain.length);
    }
  }
  return claims;
}

function profileClaims(user: UserRow): JsonObject {
  const updated = Math.floor(user.changedAt / 1_000);
  if (!user.human)
    return { name: user.machine?.name, preferred_username: user.username, updated_at: updated };
  const { firstName, lastName, displayName, nickName, preferredLanguage } = user.human;
  return {
    name: displayName,
    given_name: firstName,
    family_name: lastName,
    ...(nickName ? { nickname: nickName } : {}),
    ...(preferredLanguage ? { locale: preferredLanguage } : {}),
    preferred_username: user.username,
    updated_at: updated,
  };
}

/** Which roles are asked for. */
export interface RoleQuestion {
  readonly user: UserRow;
  readonly scope: readonly string[];
  readonly audience: readonly string[];
  /** Project of the asking application. */
  readonly projectId?: string;
  /** The application asserts its own project's roles without being asked. */
  readonly always: boolean;
}

/**
 * Role claims: `{role: {organization id: primary domain}}` for one project and, under the generic name, for the asking
 * one. Machines get them only where a role scope is requested (internal/api/oidc/userinfo.go, `assertRoles`).
 */
export function assertedRoles(state: State, question: RoleQuestion): JsonObject {
  const wanted = question.scope.filter((scope) => scope.startsWith(scopes.projectRole));
  const allProjects = question.scope.includes(scopes.projectsRoles);
  if (!question.always && wanted.length === 0 && !allProjects) return {};
  const projects = new Set<string>();
  if (question.projectId !== undefined) projects.add(question.projectId);
  if (allProjects) for (const id of question.audience) if (state.projects.has(id)) projects.add(id);
  const keys = wanted.map((scope) => scope.slice(scopes.projectRole.length));
  const claims: Record<string, unknown> = {};
  for (const projectId of projects) {
    const own = projectId === question.projectId;
    const filter = own && !question.always && !allProjects ? new Set(keys) : undefined;
    const roles = rolesIn(state, question.user.id, projectId, filter);
    if (Object.keys(roles).length === 0) continue;
    claims[`urn:zitadel:iam:org:project:${projectId}:roles`] = roles;
    if (own) claims['urn:zitadel:iam:org:project:roles'] = roles;
  }
  return claims;
}

/** Active authorizations of a user in a project, by role. */
function rolesIn(
  state: State,
  userId: string,
  projectId: string,
  only?: ReadonlySet<string>,
): Record<string, Record<string, string>> {
  const roles: Record<string, Record<string, string>> = {};
  for (const id of state.authorizationsOfUser.get(userId) ?? []) {
    const row = state.authorizations.get(id);
    if (row?.projectId !== projectId || row.state !== objectState.active) continue;
    for (const key of row.roleKeys) {
      if (only && !only.has(key)) continue;
      roles[key] ??= {};
      const byOrganization = roles[key];
      byOrganization[row.organizationId] = primaryDomain(state.organizations.get(row.organizationId));
    }
  }
  return roles;
}
