import type { ZitadelEvent } from '../event/index.ts';

/** What an event says about tokens that were issued before it. */
export type Revocation =
  /** All of a user's. */
  | { readonly of: 'user'; readonly userId: string }
  /** Those of one login session, whose user the event does not name. */
  | { readonly of: 'session'; readonly sessionId: string }
  /** A user's, whom only the authorization's own first event names. */
  | { readonly of: 'authorization'; readonly authorizationId: string }
  /** Those of users that nothing here can name. */
  | { readonly of: 'organization'; readonly organizationId: string };

const userEnds = ['user.deactivated', 'user.locked', 'user.removed'];
const passwordChanges = ['user.human.password.changed'];
const authorizationEnds = [
  'user.grant.changed',
  'user.grant.cascade.changed',
  'user.grant.deactivated',
  'user.grant.removed',
  'user.grant.cascade.removed',
];
const organizationEnds = ['org.deactivated', 'org.removed'];

/** Events that name a session's or an authorization's user. */
const namingTypes = ['session.user.checked', 'oidc_session.added', 'user.grant.added'] as const;

/** Which changes end tokens. */
export interface RevocationChoice {
  /**
   * Whether a change or the end of an authorization ends the user's tokens: a JWT carries roles as they were when it was
   * issued. Default true.
   */
  readonly authorizations?: boolean;
  /** Whether a new password ends the user's tokens, which for Zitadel itself it does not. Default false. */
  readonly passwords?: boolean;
}

/** All exact types that the revocation consumer wants. */
export function revocationTypes({ authorizations = true, passwords = false }: RevocationChoice): string[] {
  return [
    ...userEnds,
    ...organizationEnds,
    'session.terminated',
    ...(authorizations ? authorizationEnds : []),
    ...(passwords ? passwordChanges : []),
    ...namingTypes.filter((type) => authorizations || type !== 'user.grant.added'),
  ];
}

/** Reads what an event revokes; undefined for one that revokes nothing. */
export function revocationOf({ type, aggregateId, payload }: ZitadelEvent): Revocation | undefined {
  if (userEnds.includes(type) || passwordChanges.includes(type)) return { of: 'user', userId: aggregateId };
  if (type === 'session.terminated') return { of: 'session', sessionId: aggregateId };
  if (organizationEnds.includes(type)) return { of: 'organization', organizationId: aggregateId };
  if (!authorizationEnds.includes(type)) return undefined;
  const userId = payload?.userId;
  return typeof userId === 'string' && userId !== ''
    ? { of: 'user', userId }
    : { of: 'authorization', authorizationId: aggregateId };
}
