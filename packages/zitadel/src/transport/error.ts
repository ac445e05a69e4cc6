import { DrawbridgeError, type ErrorCode, type ErrorDetails } from '@drawbridge/kit';

/** The status names of gRPC as the Connect protocol spells them. */
export type GrpcCode =
  | 'canceled'
  | 'unknown'
  | 'invalid_argument'
  | 'deadline_exceeded'
  | 'not_found'
  | 'already_exists'
  | 'permission_denied'
  | 'resource_exhausted'
  | 'failed_precondition'
  | 'aborted'
  | 'out_of_range'
  | 'unimplemented'
  | 'internal'
  | 'unavailable'
  | 'data_loss'
  | 'unauthenticated';

/**
 * A refusal or failure that Zitadel answered with. `id` is what to compare: the texts are translated and change between
 * versions, the ids do not.
 *
 * @example
 * ```ts
 * import { ZitadelError } from '@drawbridge/zitadel';
 *
 * const error = new ZitadelError('zitadel_precondition', { id: 'COMMAND-5gunjw0cd7', grpcCode: 'failed_precondition' });
 * console.log(error.id); // the user is inactive already
 * ```
 */
export class ZitadelError extends DrawbridgeError {
  override readonly name = 'ZitadelError';
  /** As in `COMMAND-5gunjw0cd7`; absent where a field failed its validation or a proxy answered. */
  readonly id: string | undefined;
  readonly grpcCode: GrpcCode | undefined;
  /** HTTP status of the answer. */
  readonly status: number | undefined;

  constructor(
    code: ErrorCode,
    details: ErrorDetails & {
      readonly id?: string | undefined;
      readonly grpcCode?: GrpcCode | undefined;
      readonly status?: number | undefined;
    } = {},
  ) {
    super(code, details);
    this.id = details.id;
    this.grpcCode = details.grpcCode;
    this.status = details.status;
  }
}

/** Whether something caught is Zitadel's answer with one of these ids. */
export function hasId(error: unknown, ...ids: readonly string[]): error is ZitadelError {
  return error instanceof ZitadelError && error.id !== undefined && ids.includes(error.id);
}
