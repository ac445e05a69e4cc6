import type { CodeInfo } from './code-info.ts';

/**
 * Codes of calls to NetBird's management API. Where NetBird refuses *our* token, the caller of our own API is not at
 * fault: those codes answer 502, never 401 or 403.
 */
export const netbirdCodes = {
  netbird_unauthenticated: {
    status: 502,
    exit: 3,
    reason: 'InternalError',
    message: 'NetBird did not accept the token.',
    fix: 'Make a new token for the service user in NetBird; tokens there end after a year at the latest.',
  },
  netbird_forbidden: {
    status: 502,
    exit: 4,
    reason: 'InternalError',
    message: 'NetBird does not permit this to the service user.',
    fix: 'Give the service user the role admin in NetBird.',
  },
  netbird_not_found: {
    status: 404,
    exit: 1,
    reason: 'NotFound',
    message: 'NetBird says that it does not exist.',
  },
  netbird_already_exists: {
    status: 409,
    exit: 1,
    reason: 'AlreadyExists',
    message: 'NetBird has one already.',
  },
  user_exists_in_idp: {
    status: 409,
    exit: 1,
    reason: 'AlreadyExists',
    message: 'NetBird makes no account for a person whom its identity provider has already.',
    fix: 'Let the person sign in to NetBird once; the account appears then, and can be given its role and groups.',
  },
  netbird_group_foreign: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'NetBird has a group of this name that comes from tokens or an integration.',
    fix: 'Use another name, or remove that group in NetBird.',
  },
  netbird_group_linked: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'The group is still used in NetBird.',
    fix: 'Take it out of the users, policies and setup keys that name it first.',
  },
  netbird_precondition: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'NetBird refuses this in the present state.',
  },
  netbird_invalid_argument: {
    status: 400,
    exit: 2,
    reason: 'Invalid',
    message: 'NetBird does not accept a value of the request.',
  },
  netbird_state_hidden: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'NetBird does not tell whether this user is blocked, so nothing that rests on it is changed.',
    fix: "Say explicitly whether the user is to be blocked, or let NetBird's identity provider manager see the user's organization.",
  },
  netbird_not_applied: {
    status: 502,
    exit: 1,
    reason: 'InternalError',
    message: 'NetBird took the change, but does not show it.',
    fix: 'Look at the user in NetBird: somebody else may be changing it at the same time.',
  },
  netbird_unimplemented: {
    status: 502,
    exit: 1,
    reason: 'InternalError',
    message: 'This NetBird does not offer that call.',
    fix: 'Check that the URL is that of the management server, and upgrade NetBird.',
  },
  netbird_failed: {
    status: 502,
    exit: 1,
    reason: 'InternalError',
    message: 'NetBird failed inside.',
    fix: 'Look at the log of its management server at this time.',
  },
} satisfies Record<string, CodeInfo>;
