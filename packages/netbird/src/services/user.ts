import type { Subject } from '../identity/index.ts';
import { subjectOf } from '../identity/index.ts';
import type { NetbirdRole, UserBody } from '../wire/index.ts';
import { readObject, readTime, type Shape } from './reading.ts';

/** A user of NetBird's account. */
export interface NetbirdUser {
  readonly id: string;
  /** Whom it stands for at the identity provider; for a service user its own id. */
  readonly subject: Subject;
  /** Empty where NetBird's identity provider manager does not see the person, and for service users. */
  readonly email: string;
  readonly name: string;
  readonly role: NetbirdRole;
  /** Ids of groups that the user's devices join. */
  readonly autoGroups: readonly string[];
  /**
   * Undefined where NetBird does not tell: with an identity provider manager, users whom that manager does not see (service
   * users among them) are shown with defaults, however blocked they are.
   */
  readonly blocked: boolean | undefined;
  /** Whether the user waits for {@link Users.approve}; such a user is blocked too. Undefined as `blocked` is. */
  readonly pendingApproval: boolean | undefined;
  readonly isServiceUser: boolean;
  /** Whether it is the caller. */
  readonly isCurrent: boolean;
  /** Absent for never. Only what a claim of the token says, or a device's sign-in: absence proves nothing. */
  readonly lastLogin?: Date;
}

export const userShape: Shape = {
  id: 'string',
  role: 'string',
  auto_groups: 'object',
  is_blocked: 'boolean',
  status: 'string',
};

/** Reads one user. @throws {DrawbridgeError} `invalid_response` */
export function readUser(answer: unknown): NetbirdUser {
  return toUser(readObject<UserBody>(answer, 'a user', userShape));
}

/** A user of the wire as ours. */
export function toUser(body: UserBody): NetbirdUser {
  // Whatever has a state has been issued by somebody; what is filled with defaults has not (management/server/user.go,
  // BuildUserInfosForAccount).
  const stateShown = body.issued !== '' && body.issued !== undefined;
  const lastLogin = readTime(body.last_login);
  return {
    id: body.id,
    subject: body.is_service_user ? { subject: body.id } : subjectOf(body.id),
    email: body.email,
    name: body.name,
    role: body.role as NetbirdRole,
    autoGroups: body.auto_groups,
    blocked: stateShown || body.is_blocked ? body.is_blocked : undefined,
    pendingApproval: stateShown || body.pending_approval ? body.pending_approval : undefined,
    isServiceUser: body.is_service_user ?? false,
    isCurrent: body.is_current ?? false,
    ...(lastLogin ? { lastLogin } : {}),
  };
}
