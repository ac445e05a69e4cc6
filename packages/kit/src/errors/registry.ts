import type { CodeInfo } from './code-info.ts';
import { configCodes } from './codes-config.ts';
import { directoryCodes } from './codes-directory.ts';
import { eventsCodes } from './codes-events.ts';
import { generalCodes } from './codes-general.ts';
import { identityApiCodes } from './codes-identity-api.ts';
import { kubernetesCodes } from './codes-kubernetes.ts';
import { netbirdCodes } from './codes-netbird.ts';
import { openbaoCodes } from './codes-openbao.ts';
import { readinessCodes } from './codes-readiness.ts';
import { stackCodes } from './codes-stack.ts';
import { zitadelCodes } from './codes-zitadel.ts';

const codes = {
  ...generalCodes,
  ...zitadelCodes,
  ...directoryCodes,
  ...eventsCodes,
  ...netbirdCodes,
  ...openbaoCodes,
  ...configCodes,
  ...kubernetesCodes,
  ...identityApiCodes,
  ...stackCodes,
  ...readinessCodes,
};

/** Every stable error code of the product. Codes are only ever added. */
export type ErrorCode = keyof typeof codes;

/**
 * The one registry of errors: code → HTTP status, exit code, Kubernetes reason and message.
 * `docs/errors.md` is generated from it, and a test keeps the two and their use in the sources equal.
 *
 * @example
 * ```ts
 * import { errorRegistry } from '@drawbridge/kit';
 *
 * console.log(errorRegistry.timeout.status); // 504
 * ```
 */
export const errorRegistry: Readonly<Record<ErrorCode, CodeInfo>> = Object.freeze(codes);

/** Whether a string is one of the registered codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorRegistry, code);
}
