import type { CodeInfo } from './code-info.ts';

/**
 * Codes of credentials, tokens and calls to Zitadel. Where Zitadel refuses *our* credential, the caller of our own API
 * is not at fault: those codes answer 502, never 401 or 403.
 */
export const zitadelCodes = {
  invalid_key_file: {
    status: 500,
    exit: 2,
    reason: 'InternalError',
    message: 'The file is not a Zitadel service-account key.',
    fix: 'Create a key of type JSON for the service account in Zitadel and use that file as it is.',
  },
  key_expired: {
    status: 500,
    exit: 3,
    reason: 'InternalError',
    message: 'The service-account key has expired.',
    fix: 'Create a new key for the service account in Zitadel and replace the file; it is picked up by itself.',
  },
  credentials_refused: {
    status: 502,
    exit: 3,
    reason: 'InternalError',
    message: 'Zitadel refused the credential.',
    fix: 'Check that the service account is active, that its key is still listed there, and that the issuer is exact.',
  },
  instance_not_found: {
    status: 502,
    exit: 5,
    reason: 'ServiceUnavailable',
    message: 'Zitadel answers there, but knows no instance by that host name.',
    fix: 'Set the issuer to a custom domain of the instance, port included, and give the inside address as the address.',
  },
  zitadel_too_old: {
    status: 502,
    exit: 1,
    reason: 'InternalError',
    message: 'This Zitadel is older than 4.7.0.',
    fix: 'Upgrade Zitadel to 4.7.0 or newer.',
  },
  absence_unproved: {
    status: 503,
    exit: 5,
    reason: 'ServiceUnavailable',
    message:
      'Zitadel says not found, but cannot be shown to see its own data, so nothing is concluded from it.',
    fix: 'Check the roles of the service account and the state of Zitadel, then try again.',
  },
  membership_missing: {
    status: 502,
    exit: 4,
    reason: 'InternalError',
    message: 'The service account has no role in this Zitadel.',
    fix: 'Make the service account an administrator of the instance or of the organization.',
  },
  zitadel_unauthenticated: {
    status: 502,
    exit: 3,
    reason: 'InternalError',
    message: 'Zitadel did not accept the access token.',
    fix: 'Check that the service account is active and that its token is meant for the Zitadel API.',
  },
  zitadel_forbidden: {
    status: 502,
    exit: 4,
    reason: 'InternalError',
    message: 'Zitadel does not permit this to the service account.',
    fix: 'Give the service account the role that the call needs.',
  },
  zitadel_not_found: {
    status: 404,
    exit: 1,
    reason: 'NotFound',
    message: 'Zitadel says that it does not exist.',
  },
  zitadel_already_exists: {
    status: 409,
    exit: 1,
    reason: 'AlreadyExists',
    message: 'Zitadel has one already.',
  },
  zitadel_precondition: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'Zitadel refuses this in the present state.',
  },
  zitadel_invalid_argument: {
    status: 400,
    exit: 2,
    reason: 'Invalid',
    message: 'Zitadel does not accept a value of the request.',
  },
  zitadel_unimplemented: {
    status: 502,
    exit: 1,
    reason: 'InternalError',
    message: 'This Zitadel does not offer that call.',
    fix: 'Upgrade Zitadel to 4.7.0 or newer.',
  },
  zitadel_failed: {
    status: 502,
    exit: 1,
    reason: 'InternalError',
    message: 'Zitadel failed inside.',
    fix: 'Look at the log of Zitadel at this time.',
  },
  sign_in_denied: {
    status: 403,
    exit: 4,
    reason: 'Forbidden',
    message: 'The sign-in was denied.',
    fix: 'Whoever answered in the browser said no; start again if that was not meant.',
  },
  sign_in_expired: {
    status: 401,
    exit: 3,
    reason: 'Unauthorized',
    message: 'The sign-in was not finished in time.',
    fix: 'Run drawbridge login again.',
  },
  sign_in_failed: {
    status: 401,
    exit: 3,
    reason: 'Unauthorized',
    message: 'The sign-in failed.',
    fix: 'Run drawbridge login again; if it fails again, run drawbridge doctor.',
  },
  sign_in_not_permitted: {
    status: 502,
    exit: 4,
    reason: 'InternalError',
    message: 'The application in Zitadel does not permit this way to sign in.',
    fix: 'Make it a native application without a secret, with the grants Device Code, Authorization Code and Refresh Token.',
  },
  sign_in_wrong_user: {
    status: 403,
    exit: 4,
    reason: 'Forbidden',
    message: 'Somebody else signed in than the one this session belongs to.',
    fix: 'Sign in as the same user, or run drawbridge logout first.',
  },
  session_ended: {
    status: 401,
    exit: 3,
    reason: 'Unauthorized',
    message: 'Your session has ended.',
    fix: 'Run drawbridge login.',
  },
  session_unreadable: {
    status: 500,
    exit: 3,
    reason: 'InternalError',
    message: 'The stored session cannot be opened.',
    fix: 'Give the passphrase that it was stored with, or run drawbridge logout and sign in again.',
  },
} satisfies Record<string, CodeInfo>;
