import type { CodeInfo } from './code-info.ts';

/** Codes of configuration values and their sources. */
export const configCodes = {
  config_missing: {
    status: 500,
    exit: 1,
    reason: 'InternalError',
    message: 'Configuration is missing.',
    fix: 'Set it with drawbridge config set, or by its environment variable.',
  },
  config_invalid: {
    status: 500,
    exit: 1,
    reason: 'InternalError',
    message: 'Configuration is not what its schema asks for.',
    fix: 'See where the value comes from with drawbridge config explain, and correct it there.',
  },
  config_key_invalid: {
    status: 400,
    exit: 2,
    reason: 'Invalid',
    message: 'This is no key of a configuration value.',
  },
  config_conflict: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'The value was changed by somebody else meanwhile.',
    fix: 'Look at it again, and repeat the change on what it is now.',
  },
  config_not_writable: {
    status: 409,
    exit: 1,
    reason: 'Conflict',
    message: 'None of the sources can do this.',
    fix: 'Set OPENBAO_URL, or use a local store.',
  },
  config_version_unknown: {
    status: 404,
    exit: 1,
    reason: 'NotFound',
    message: 'There is no such version of the value.',
    fix: 'See which there are with drawbridge config history.',
  },
} satisfies Record<string, CodeInfo>;
