import type { CodeInfo } from './code-info.ts';

/** Codes of credentials, tokens and calls to Zitadel. */
export const zitadelCodes = {
  invalid_key_file: {
    status: 500,
    exit: 2,
    reason: 'InternalError',
    message: 'The file is not a Zitadel service-account key.',
    fix: 'Create a key of type JSON for the service account in Zitadel and use that file as it is.',
  },
} satisfies Record<string, CodeInfo>;
