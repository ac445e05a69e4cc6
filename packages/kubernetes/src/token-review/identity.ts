import { DrawbridgeError, type Problem } from '@drawbridge/kit';
import type { TokenClaims } from '@drawbridge/zitadel';

/** How a verified token becomes a user of Kubernetes. */
export interface UserMapping {
  /**
   * What the user name is: the user id, which never changes, or the mail address, of which only a verified one is taken.
   * Default `sub`.
   */
  readonly username?: 'sub' | 'email';
  /** Put before the user name. Default nothing. */
  readonly usernamePrefix?: string;
  /** Put before each group. Default `zitadel:`. */
  readonly groupsPrefix?: string;
  /**
   * Organizations whose roles also become groups without the organization in them, `role:ROLE`. Default none: an
   * organization's own administrators give roles in it.
   */
  readonly roleOrganizations?: readonly string[];
}

/** A user as a TokenReview names it. */
export interface ReviewedUser {
  readonly username: string;
  /** The user id in Zitadel. */
  readonly uid: string;
  readonly groups: readonly string[];
  /** Keys begin with `drawbridge.internal/`. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** Why an accepted token is nobody in Kubernetes. */
export type NobodyReason = 'email_not_verified' | 'reserved_name';

/** A mapping with its defaults, checked. */
export type SettledMapping = Required<UserMapping>;

/** Names that begin so are Kubernetes' own: `system:masters` may do everything. */
const reserved = /^\s*system:/i;
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** Longer is nobody's name, and would be repeated in every audit record. */
const longest = 512;
const mostGroups = 500;

/**
 * Fills in what a mapping leaves out.
 *
 * @throws {DrawbridgeError} `invalid_settings` for a prefix that would make names of Kubernetes' own
 */
export function settleMapping(mapping: UserMapping): SettledMapping {
  const {
    username = 'sub',
    usernamePrefix = '',
    groupsPrefix = 'zitadel:',
    roleOrganizations = [],
  } = mapping;
  const problems: Problem[] = Object.entries({ usernamePrefix, groupsPrefix }).flatMap(([field, prefix]) => {
    if (reserved.test(prefix)) return [{ field, message: 'begins with system:, which is reserved' }];
    return isName(prefix) || prefix === '' ? [] : [{ field, message: 'is no beginning of a name' }];
  });
  if (problems.length > 0)
    throw new DrawbridgeError('invalid_settings', { message: 'A prefix cannot be used.', problems });
  return { username, usernamePrefix, groupsPrefix, roleOrganizations };
}

/** Who the bearer of a verified token is in Kubernetes, or why nobody. */
export function userOf(
  claims: TokenClaims,
  mapping: SettledMapping,
): ReviewedUser | { readonly nobody: NobodyReason } {
  const name = nameOf(claims, mapping);
  if (name === undefined) return { nobody: 'email_not_verified' };
  const username = mapping.usernamePrefix + name;
  if (!isName(username) || !isName(claims.subject)) return { nobody: 'reserved_name' };
  return { username, uid: claims.subject, groups: groupsOf(claims, mapping), extra: extraOf(claims) };
}

function nameOf(claims: TokenClaims, { username }: SettledMapping): string | undefined {
  if (username === 'sub') return claims.subject;
  // One that nobody proved to own could be anybody's.
  return claims.emailVerified && claims.email !== undefined ? claims.email : undefined;
}

/**
 * `org:ORGANIZATION` for where the user is at home, `org:ORGANIZATION:ROLE` for each role in each organization, and
 * `role:ROLE` for those of the organizations chosen. No two different things give the same group.
 */
function groupsOf(claims: TokenClaims, mapping: SettledMapping): readonly string[] {
  const { groupsPrefix, roleOrganizations } = mapping;
  const home = claims.organizationId === undefined ? [] : [`org:${part(claims.organizationId)}`];
  const roles = Object.entries(claims.roles).flatMap(([role, organizations]) =>
    Object.keys(organizations).flatMap((organization) => [
      `org:${part(organization)}:${role}`,
      ...(roleOrganizations.includes(organization) ? [`role:${role}`] : []),
    ]),
  );
  const groups = new Set([...home, ...roles].map((group) => groupsPrefix + group).filter(isName));
  return [...groups].sort().slice(0, mostGroups);
}

/** An id between colons; Zitadel lets ids be chosen, and one with a colon must not end where a role begins. */
function part(id: string): string {
  return id.replaceAll('%', '%25').replaceAll(':', '%3A');
}

function extraOf({ issuer, organizationId, clientId }: TokenClaims): ReviewedUser['extra'] {
  const given = { issuer, organization: organizationId, client: clientId };
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) =>
      value === undefined ? [] : [[`drawbridge.internal/${key}`, [value]]],
    ),
  );
}

/** The last look at every name, whatever it was made of. */
function isName(name: string): boolean {
  return name !== '' && name.length <= longest && !reserved.test(name) && !unprintable.test(name);
}
