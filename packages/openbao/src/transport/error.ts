import { DrawbridgeError, type ErrorCode, type ErrorDetails } from '@drawbridge/kit';

/**
 * A refusal or failure that OpenBao answered with. `status` and `texts` are all it tells; tokens in the texts have been cut out.
 *
 * @example
 * ```ts
 * import { OpenbaoError } from '@drawbridge/openbao';
 *
 * const error = new OpenbaoError('openbao_denied', { status: 403, texts: ['permission denied'] });
 * console.log(error.status); // 403
 * ```
 */
export class OpenbaoError extends DrawbridgeError {
  override readonly name = 'OpenbaoError';
  /** HTTP status of the answer. */
  readonly status: number | undefined;
  /** `errors` of the answer's body; empty where it says nothing, or where a proxy answered. */
  readonly texts: readonly string[];
  /** Number of the version that was deleted, with `openbao_deleted_version`. */
  readonly version: number | undefined;

  constructor(
    code: ErrorCode,
    details: ErrorDetails & {
      readonly status?: number | undefined;
      readonly texts?: readonly string[] | undefined;
      readonly version?: number | undefined;
    } = {},
  ) {
    super(code, details);
    this.status = details.status;
    this.texts = details.texts ?? [];
    this.version = details.version;
  }
}
