import type { Claims } from './access/index.ts';
import { ApiError } from './errors.ts';
import type { Kernel } from './kernel.ts';
import { membershipDrafts } from './membership.ts';
import type { NetbirdDraft, UserRow } from './store/index.ts';

/**
 * What a request with a person's token does before anything else: the person appears with the first one, as a user who may
 * have to wait for approval, and its groups follow the token (management/server/account.go, SyncUserJWTGroups).
 */
export function signIn(kernel: Kernel, claims: Claims): UserRow {
  const { settings } = kernel.state;
  const user = appear(kernel, claims);
  if (!settings.jwt_groups_enabled) return user;
  const names = groupNames(claims.all[settings.jwt_groups_claim_name]);
  const { jwt_allow_groups: allowed } = settings;
  // The user is there by now, although it is refused (management/server/auth/manager.go).
  if (allowed.length > 0 && !names.some((name) => allowed.includes(name)))
    throw new ApiError('unauthorized', 'token invalid');
  if (settings.jwt_groups_claim_name !== '') followToken(kernel, user, names);
  return kernel.state.users.get(user.id) ?? user;
}

function appear(kernel: Kernel, { sub, email, name }: Pick<Claims, 'sub' | 'email' | 'name'>): UserRow {
  const id = kernel.userIdOf(sub);
  const known = kernel.state.users.get(id);
  if (known) return known;
  const waits = kernel.state.settings.extra.user_approval_required;
  kernel.push(id, {
    type: 'user.join',
    target: id,
    payload: {
      role: 'user',
      name,
      email,
      autoGroups: [],
      isServiceUser: false,
      blocked: waits,
      pendingApproval: waits,
    },
  });
  const made = kernel.state.users.get(id);
  if (!made) throw new ApiError('internal', 'internal server error');
  return made;
}

/** A text or a list of texts; Zitadel's claim of roles is an object and so names none (shared/auth/jwt/extractor.go). */
function groupNames(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return [claim];
  return Array.isArray(claim) ? claim.filter((name) => typeof name === 'string') : [];
}

/**
 * Puts the token's groups in place of those that came from tokens before. A name that a group of the API has is passed over,
 * silently (management/server/account.go, getJWTGroupsChanges).
 */
function followToken(kernel: Kernel, user: UserRow, names: readonly string[]): void {
  const { groups } = kernel.state;
  const drafts: NetbirdDraft[] = [];
  const isJwt = (id: string) => groups.get(id)?.issued === 'jwt';
  const kept = user.autoGroups.filter((id) => !isJwt(id));
  const wanted: string[] = [];
  for (const name of new Set(names)) {
    const named = [...groups.values()].filter((group) => group.name === name);
    const group = named.find(({ issued }) => issued === 'jwt');
    if (group) wanted.push(group.id);
    else if (named.length === 0) {
      const id = kernel.newId();
      drafts.push({ type: 'group.add', target: id, payload: { name, issued: 'jwt', peers: [] } });
      wanted.push(id);
    }
  }
  const autoGroups = [...kept, ...wanted];
  const same =
    autoGroups.length === user.autoGroups.length && autoGroups.every((id) => user.autoGroups.includes(id));
  if (same) return;
  const { role, blocked } = user;
  drafts.push({ type: 'user.update', target: user.id, payload: { role, blocked, autoGroups } });
  kernel.push(user.id, ...drafts);
  kernel.push(user.id, ...membershipDrafts(kernel, user, autoGroups));
}
