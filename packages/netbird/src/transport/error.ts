import { DrawbridgeError, type ErrorCode, type ErrorDetails } from '@drawbridge/kit';

/**
 * A refusal or failure that NetBird answered with. `status` and `text` are what there is to tell refusals apart: NetBird
 * has no error ids, and its texts are in lower case throughout.
 *
 * @example
 * ```ts
 * import { NetbirdError } from '@drawbridge/netbird';
 *
 * const error = new NetbirdError('netbird_not_found', { status: 404, text: 'user: 312 not found' });
 * console.log(error.status); // 404
 * ```
 */
export class NetbirdError extends DrawbridgeError {
  override readonly name = 'NetbirdError';
  /** HTTP status of the answer. */
  readonly status: number | undefined;
  /** The `message` of the answer's body; absent where a proxy answered. */
  readonly text: string | undefined;

  constructor(
    code: ErrorCode,
    details: ErrorDetails & {
      readonly status?: number | undefined;
      readonly text?: string | undefined;
    } = {},
  ) {
    super(code, details);
    this.status = details.status;
    this.text = details.text;
  }
}
