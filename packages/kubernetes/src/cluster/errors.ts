import { DrawbridgeError, type ErrorCode, type ErrorDetails } from '@drawbridge/kit';

/**
 * A refusal or failure that kube-apiserver answered with. `reason` is what Kubernetes calls it; `code` says the same in our words.
 *
 * @example
 * ```ts
 * import { KubernetesError } from '@drawbridge/kubernetes';
 *
 * const error = new KubernetesError('kubernetes_conflict', { reason: 'Conflict', status: 409 });
 * console.log(error.code, error.reason);
 * ```
 */
export class KubernetesError extends DrawbridgeError {
  override readonly name = 'KubernetesError';
  /** `reason` of the Status, such as `AlreadyExists`; absent where what answered was no kube-apiserver. */
  readonly reason: string | undefined;
  /** HTTP status of the answer. */
  readonly status: number | undefined;

  constructor(
    code: ErrorCode,
    details: ErrorDetails & {
      readonly reason?: string | undefined;
      readonly status?: number | undefined;
    } = {},
  ) {
    super(code, details);
    this.reason = details.reason;
    this.status = details.status;
  }
}

/** An answer that is no success, its body read. */
export interface FailedAnswer {
  readonly status: number;
  readonly body: string;
  /** Where it came from, without query. */
  readonly where: string;
  readonly retryAfter?: string | null;
}

const byReason: Readonly<Record<string, ErrorCode>> = {
  Unauthorized: 'kubernetes_unauthenticated',
  Forbidden: 'kubernetes_forbidden',
  NotFound: 'kubernetes_not_found',
  AlreadyExists: 'kubernetes_already_exists',
  Conflict: 'kubernetes_conflict',
  Invalid: 'kubernetes_invalid',
  BadRequest: 'kubernetes_invalid',
  RequestEntityTooLarge: 'too_large',
  Expired: 'kubernetes_expired',
  Gone: 'kubernetes_expired',
  ServerTimeout: 'timeout',
  Timeout: 'timeout',
  TooManyRequests: 'rate_limited',
  ServiceUnavailable: 'unreachable',
};

/**
 * The one place where kube-apiserver's failures become errors of ours. An object that is not there is told apart from a kind that
 * is not served: the second is a plain 404, without the name of an object.
 *
 * @example
 * ```ts
 * import { translateAnswer } from '@drawbridge/kubernetes';
 *
 * const error = translateAnswer({ status: 403, body: '', where: '/api/v1/pods' });
 * console.log(error.code); // kubernetes_forbidden
 * ```
 */
export function translateAnswer(answer: FailedAnswer): KubernetesError {
  const status = parseStatus(answer.body);
  const code = codeOf(answer.status, status);
  const seconds = Number(answer.retryAfter ?? Number.NaN);
  return new KubernetesError(code, {
    where: answer.where,
    reason: status?.reason,
    status: answer.status,
    // Messages of admission webhooks are for people; they may be long, and the base class cuts them.
    saw: status?.message ?? `${answer.status}, ${answer.body.length} characters`,
    ...(Number.isFinite(seconds) && seconds >= 0 ? { retryAfterSeconds: Math.min(seconds, 60) } : {}),
  });
}

/** An ERROR event of a watch carries a Status as its object. */
export function translateStatus(object: unknown, where: string): KubernetesError {
  const status = asStatus(object);
  return new KubernetesError(codeOf(status?.code ?? 500, status), {
    where,
    reason: status?.reason,
    status: status?.code,
    saw: status?.message ?? 'an error event without a Status',
  });
}

interface Status {
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly code: number | undefined;
  readonly objectName: string | undefined;
}

function codeOf(http: number, status: Status | undefined): ErrorCode {
  if (http === 404)
    return status?.objectName === undefined ? 'kubernetes_kind_missing' : 'kubernetes_not_found';
  const known = status?.reason === undefined ? undefined : byReason[status.reason];
  if (known !== undefined) return known;
  if (http === 401) return 'kubernetes_unauthenticated';
  if (http === 403) return 'kubernetes_forbidden';
  if (http === 409) return 'kubernetes_conflict';
  if (http === 410) return 'kubernetes_expired';
  if (http === 413) return 'too_large';
  if (http === 429) return 'rate_limited';
  if (http === 502 || http === 503) return 'unreachable';
  if (http === 504) return 'timeout';
  return http >= 500 ? 'kubernetes_failed' : 'kubernetes_invalid';
}

function parseStatus(body: string): Status | undefined {
  try {
    return asStatus(JSON.parse(body));
  } catch {
    return undefined; // a proxy answered, or a route that nobody serves
  }
}

function asStatus(value: unknown): Status | undefined {
  if (!isRecord(value) || value.kind !== 'Status') return undefined;
  const { reason, message, code, details } = value;
  const name = isRecord(details) ? details.name : undefined;
  return {
    reason: typeof reason === 'string' ? reason : undefined,
    message: typeof message === 'string' ? message : undefined,
    code: typeof code === 'number' ? code : undefined,
    objectName: typeof name === 'string' && name !== '' ? name : undefined,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
