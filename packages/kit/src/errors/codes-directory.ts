import type { CodeInfo } from './code-info.ts';

/** Codes of the directory, its database and its provisioning runs. */
export const directoryCodes = {
  database_unavailable: {
    status: 503,
    exit: 5,
    reason: 'ServiceUnavailable',
    message: 'The database does not answer.',
    fix: 'Check DATABASE_URL and that PostgreSQL runs.',
  },
  secret_unavailable: {
    status: 500,
    exit: 1,
    reason: 'InternalError',
    message: 'A secret that is given by reference cannot be read.',
    fix: 'Put the secret where the reference points, or change the reference.',
  },
  seal_broken: {
    status: 500,
    exit: 1,
    reason: 'InternalError',
    message: 'A sealed secret cannot be opened.',
    fix: 'Add the key it was sealed with to DRAWBRIDGE_SECRET_KEY_PREVIOUS, or give the secret anew.',
  },
  organization_unknown: {
    status: 404,
    exit: 1,
    reason: 'NotFound',
    message: 'There is no such organization here.',
  },
  organization_not_mapped: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'The organization is not mapped to one in Zitadel.',
    fix: 'Map it first; until then nothing is provisioned for it.',
  },
  organization_not_active: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'The mapped organization is not active in Zitadel.',
    fix: 'Activate it in Zitadel, or map the organization to another one; then resume the run.',
  },
  project_not_granted: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'The application project is not granted to the organization.',
    fix: 'Activate the project grant in Zitadel, then resume the run.',
  },
  role_unknown: { status: 400, exit: 2, reason: 'Invalid', message: 'There is no such role.' },
  user_exists: {
    status: 409,
    exit: 1,
    reason: 'AlreadyExists',
    message: 'A user with this mail address exists.',
  },
  user_foreign: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'Zitadel has a user with this name that the directory did not make.',
    fix: 'Look at that user in Zitadel: remove it or choose another address, then resume the run.',
  },
  wrong_organization: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'Zitadel put the user into another organization than asked for.',
    fix: 'Nobody was given access. Look at the user in Zitadel, then compensate or resume the run.',
  },
  run_stopped: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'The run stopped before its end.',
  },
  idempotency_key_reused: {
    status: 422,
    exit: 2,
    reason: 'Invalid',
    message: 'This Idempotency-Key was used for another request.',
    fix: 'Send a new key with a new request.',
  },
  already_set_up: {
    status: 409,
    exit: 4,
    reason: 'Conflict',
    message: 'The directory has a site administrator already.',
    fix: 'Ask that administrator; setup names the first one only.',
  },
} satisfies Record<string, CodeInfo>;
