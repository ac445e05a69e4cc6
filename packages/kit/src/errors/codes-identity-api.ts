import type { CodeInfo } from './code-info.ts';

/** Codes of the virtual identity API: what Kubernetes' clients are told that no other part has to tell. */
export const identityApiCodes = {
  not_acceptable: {
    status: 406,
    exit: 2,
    reason: 'NotAcceptable',
    message: 'None of the media types that were asked for can be answered.',
    fix: 'Ask for application/json or application/yaml.',
  },
  invalid_object: {
    status: 422,
    exit: 2,
    reason: 'Invalid',
    message: 'The object is not valid.',
  },
  already_exists: {
    status: 409,
    exit: 1,
    reason: 'AlreadyExists',
    message: 'An object of that name is there already.',
  },
  list_expired: {
    status: 410,
    exit: 1,
    reason: 'Expired',
    message: 'The rest of that list is no longer to be had.',
    fix: 'List again from the beginning.',
  },
} satisfies Record<string, CodeInfo>;
