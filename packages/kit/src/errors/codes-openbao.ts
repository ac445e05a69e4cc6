import type { CodeInfo } from './code-info.ts';

/**
 * Codes of calls to OpenBao. Its statuses say little: a failed sign-in is 400, and 404 has three meanings, so these codes come
 * from status and body together. Where OpenBao refuses *our* token the caller of our own API is not at fault: those answer 502.
 */
export const openbaoCodes = {
  openbao_sealed: {
    status: 503,
    exit: 5,
    reason: 'ServiceUnavailable',
    message: 'OpenBao is sealed.',
    fix: 'Unseal it with its unseal keys: bao operator unseal.',
  },
  openbao_standby: {
    status: 503,
    exit: 5,
    reason: 'ServiceUnavailable',
    message: 'This OpenBao server is a standby, or no server of it is active yet.',
    fix: 'Call the active server, or wait until one is elected.',
  },
  openbao_not_initialized: {
    status: 503,
    exit: 5,
    reason: 'ServiceUnavailable',
    message: 'OpenBao has not been initialized.',
    fix: 'Initialize it and keep its unseal keys: bao operator init.',
  },
  openbao_denied: {
    status: 502,
    exit: 4,
    reason: 'InternalError',
    message: 'OpenBao does not permit this: the token is not valid, or none of its policies allows it.',
    fix: 'Look the token up with bao token lookup; if it lives, its policies lack this path.',
  },
  openbao_login_refused: {
    status: 401,
    exit: 3,
    reason: 'Unauthorized',
    message: 'OpenBao refused the sign-in.',
  },
  openbao_keys_unreachable: {
    status: 502,
    exit: 5,
    reason: 'InternalError',
    message: 'OpenBao cannot fetch the keys of the identity provider.',
    fix: 'Let the OpenBao server reach the issuer under exactly its own name, or give it the keys of a drawbridge relay by --jwks-url.',
  },
  openbao_missing_mount: {
    status: 502,
    exit: 1,
    reason: 'InternalError',
    message: 'OpenBao has nothing mounted at this path.',
    fix: 'Check mount and namespace, or enable it there.',
  },
  openbao_not_found: {
    status: 404,
    exit: 1,
    reason: 'NotFound',
    message: 'OpenBao says that it does not exist.',
  },
  openbao_deleted_version: {
    status: 404,
    exit: 1,
    reason: 'NotFound',
    message: 'This version of the secret was deleted.',
    fix: 'Undelete it if it was not destroyed, or write a new version.',
  },
  openbao_already_exists: {
    status: 409,
    exit: 1,
    reason: 'AlreadyExists',
    message: 'OpenBao has something mounted at this path already.',
  },
  openbao_cas_conflict: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'The secret was changed meanwhile.',
    fix: 'Read it again, and write with the version that it has now.',
  },
  openbao_invalid_argument: {
    status: 400,
    exit: 2,
    reason: 'Invalid',
    message: 'OpenBao does not accept a value of the request.',
  },
  openbao_upgrading: {
    status: 503,
    exit: 5,
    reason: 'ServiceUnavailable',
    message: 'The secrets engine is being prepared.',
    fix: 'Wait a second and try again.',
  },
  openbao_unsupported: {
    status: 502,
    exit: 1,
    reason: 'InternalError',
    message: 'This OpenBao does not offer that call at this path.',
  },
  openbao_failed: {
    status: 502,
    exit: 1,
    reason: 'InternalError',
    message: 'OpenBao failed inside.',
    fix: 'Look at the log of the OpenBao server at this time.',
  },
} satisfies Record<string, CodeInfo>;
