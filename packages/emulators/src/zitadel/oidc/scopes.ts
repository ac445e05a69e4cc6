import type { State, UserRow } from '../projections/index.ts';
import { primaryDomain } from '../projections/index.ts';

/** Scopes with a meaning of their own (internal/domain/request.go, internal/api/oidc/client_converter.go). */
export const scopes = {
  metadata: 'urn:zitadel:iam:user:metadata',
  resourceOwner: 'urn:zitadel:iam:user:resourceowner',
  projectsRoles: 'urn:zitadel:iam:org:projects:roles',
  organizationDomain: 'urn:zitadel:iam:org:domain:primary:',
  organizationId: 'urn:zitadel:iam:org:id:',
  projectId: 'urn:zitadel:iam:org:project:id:',
  projectRole: 'urn:zitadel:iam:org:project:role:',
  organizationRoles: 'urn:zitadel:iam:org:roles:id:',
  identityProvider: 'urn:zitadel:iam:org:idp:id:',
} as const;

const standard = new Set(['openid', 'profile', 'email', 'phone', 'address', 'offline_access']);
const whole: ReadonlySet<string> = new Set([scopes.metadata, scopes.resourceOwner, scopes.projectsRoles]);
const prefixes = [
  scopes.organizationDomain,
  scopes.organizationId,
  scopes.projectRole,
  scopes.organizationRoles,
  scopes.identityProvider,
];

/** Splits a `scope` parameter. */
export function parseScopes(text: string | undefined): readonly string[] {
  return [...new Set((text ?? '').split(/\s+/).filter((scope) => scope !== ''))];
}

/** Drops unknown scopes without a word, and organization scopes that are not the user's (internal/api/oidc/client.go). */
export function knownScopes(requested: readonly string[], state: State, user?: UserRow): readonly string[] {
  return requested.filter((scope) => {
    if (standard.has(scope) || whole.has(scope)) return true;
    if (projectOfAudience(scope) !== undefined) return true;
    if (user && scope.startsWith(scopes.organizationId)) {
      return scope.slice(scopes.organizationId.length) === user.organizationId;
    }
    if (user && scope.startsWith(scopes.organizationDomain)) {
      const domain = primaryDomain(state.organizations.get(user.organizationId));
      return scope.slice(scopes.organizationDomain.length) === domain;
    }
    return prefixes.some((prefix) => scope.startsWith(prefix) && scope.length > prefix.length);
  });
}

/** The project that a `…:project:id:{id}:aud` scope names. */
function projectOfAudience(scope: string): string | undefined {
  if (!scope.startsWith(scopes.projectId) || !scope.endsWith(':aud')) return undefined;
  const id = scope.slice(scopes.projectId.length, -4);
  return id === '' ? undefined : id;
}

/**
 * Ids that scopes add to the audience. `zitadel` stands for the instance's own project; that a project exists is not
 * checked (internal/domain/request.go, `AddAudScopeToAudience`).
 */
export function audienceOf(requested: readonly string[], state: State): readonly string[] {
  const ids = requested.map(projectOfAudience).filter((id) => id !== undefined);
  return [...new Set(ids.map((id) => (id === 'zitadel' ? state.instance.projectId : id)))];
}

/** The organization that a login is bound to, as its scopes say. */
export function organizationOfScopes(requested: readonly string[], state: State): string | undefined {
  for (const scope of requested) {
    if (scope.startsWith(scopes.organizationId)) return scope.slice(scopes.organizationId.length);
    if (scope.startsWith(scopes.organizationDomain)) {
      return state.organizationDomains.get(scope.slice(scopes.organizationDomain.length));
    }
  }
  return undefined;
}
