import type { DrawbridgeError, ErrorCode } from '@drawbridge/kit';
import { type GrpcCode, ZitadelError } from './error.ts';
import { decodeErrorDetail } from './error-detail.ts';

/** An answer that is not a success, its body read. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Where it came from, without query. */
  readonly where: string;
}

const byGrpcCode = {
  canceled: 'canceled',
  unknown: 'zitadel_failed',
  invalid_argument: 'zitadel_invalid_argument',
  deadline_exceeded: 'timeout',
  not_found: 'zitadel_not_found',
  already_exists: 'zitadel_already_exists',
  permission_denied: 'zitadel_forbidden',
  resource_exhausted: 'rate_limited',
  failed_precondition: 'zitadel_precondition',
  aborted: 'zitadel_failed',
  out_of_range: 'zitadel_invalid_argument',
  unimplemented: 'zitadel_unimplemented',
  internal: 'zitadel_failed',
  unavailable: 'unreachable',
  data_loss: 'zitadel_failed',
  unauthenticated: 'zitadel_unauthenticated',
} as const satisfies Record<GrpcCode, ErrorCode>;

/** gRPC's numbers, as the REST form carries them. */
const numbered: readonly (GrpcCode | undefined)[] = [
  undefined,
  'canceled',
  'unknown',
  'invalid_argument',
  'deadline_exceeded',
  'not_found',
  'already_exists',
  'permission_denied',
  'resource_exhausted',
  'failed_precondition',
  'aborted',
  'out_of_range',
  'unimplemented',
  'internal',
  'unavailable',
  'data_loss',
  'unauthenticated',
];

/** Ids of "no instance has this host": the host itself, and a public name that is not trusted. */
const hostIds = new Set(['QUERY-1kIjX', 'QUERY-IuGh1', 'INST-zWq7X']);
/** The caller has no role at all here. Zitadel sends it as NotFound, which it never is. */
const membershipIds = new Set(['AUTHZ-cdgFk']);

/**
 * The one place where Zitadel's failures become errors of ours, by their id: the Connect form, the REST form, the OAuth
 * form, and the plain text of an unknown host. What is none of them came from something in front of Zitadel.
 */
export function translateAnswer(answer: FailedAnswer): DrawbridgeError {
  const parsed = parse(answer.body);
  const { where, status } = answer;
  if (parsed === undefined ? isUnknownHost(answer) : parsed.id !== undefined && hostIds.has(parsed.id)) {
    return unknownHost(answer);
  }
  if (parsed === undefined) return proxyAnswer(answer);
  if (parsed.id === undefined && isUnknownHost(answer)) return unknownHost(answer);
  const { id, message: saw, grpcCode } = parsed;
  const code: ErrorCode =
    id !== undefined && membershipIds.has(id)
      ? 'membership_missing'
      : grpcCode === undefined
        ? codeOfStatus(status)
        : byGrpcCode[grpcCode];
  return new ZitadelError(code, { where, id, grpcCode, status, saw, ...retryAfter(answer) });
}

interface Parsed {
  readonly grpcCode: GrpcCode | undefined;
  readonly id: string | undefined;
  readonly message: string;
}

function parse(body: string): Parsed | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  if (typeof value.error === 'string') {
    // OAuth: error and error_description. The description of a wrapped Zitadel error is its raw key, without an id.
    const description = typeof value.error_description === 'string' ? value.error_description : '';
    const message = `${value.error}${description ? `: ${description}` : ''}`;
    return { grpcCode: undefined, id: idInText(message), message };
  }
  const code = value.code;
  if (typeof code !== 'string' && typeof code !== 'number') return undefined;
  const grpcCode = typeof code === 'number' ? numbered[code] : isGrpcCode(code) ? code : undefined;
  const message = typeof value.message === 'string' ? value.message : '';
  const details = Array.isArray(value.details) ? value.details : [];
  return { grpcCode, id: idInDetails(details) ?? idInText(message), message };
}

function idInDetails(details: readonly unknown[]): string | undefined {
  for (const detail of details) {
    if (!isRecord(detail)) continue;
    if (typeof detail.id === 'string' && detail.id !== '') return detail.id;
    const { type, value } = detail;
    // The credentials' detail begins with the same two fields.
    if (
      (type === 'zitadel.v1.ErrorDetail' || type === 'zitadel.v1.CredentialsCheckError') &&
      typeof value === 'string'
    ) {
      const decoded = decodeErrorDetail(value);
      if (decoded) return decoded.id;
    }
  }
  return undefined;
}

/** The id at the end of a message, as in `User not found (QUERY-Dfbg2)`, or after `ID=`. */
function idInText(text: string): string | undefined {
  return (
    /\(([A-Z][A-Z0-9]*-[A-Za-z0-9]+)\)\s*$/.exec(text)?.[1] ??
    /\bID=([A-Z][A-Z0-9]*-[A-Za-z0-9]+)/.exec(text)?.[1]
  );
}

function isUnknownHost({ body, status }: FailedAnswer): boolean {
  return status === 404 && (/instance not found/i.test(body) || [...hostIds].some((id) => body.includes(id)));
}

function unknownHost({ where, body, status }: FailedAnswer): DrawbridgeError {
  const host = new URL(where).host;
  return new ZitadelError('instance_not_found', {
    message: `Zitadel answers, but knows no instance by the host ${host}.`,
    where,
    status,
    id: idInText(body) ?? 'QUERY-1kIjX',
    grpcCode: 'not_found',
    why: 'Zitadel chooses the instance by the host of the request, which has to be one of its custom domains.',
    saw: body,
  });
}

/** An answer that Zitadel did not write. */
function proxyAnswer(answer: FailedAnswer): DrawbridgeError {
  const { status, where } = answer;
  const saw = `${status} ${answer.headers.get('content-type') ?? 'without a content type'}`;
  return new ZitadelError(codeOfStatus(status), { where, status, saw, ...retryAfter(answer) });
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'zitadel_unauthenticated';
  if (status === 403) return 'zitadel_forbidden';
  // A bare 404 is a path that nobody serves: the procedure is missing, not the object.
  if (status === 404 || status === 405 || status === 415 || status === 501) return 'zitadel_unimplemented';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 413) return 'too_large';
  if (status === 429) return 'rate_limited';
  if (status === 502 || status === 503) return 'unreachable';
  if (status >= 500) return 'zitadel_failed';
  if (status >= 400) return 'zitadel_invalid_argument';
  return 'invalid_response';
}

function retryAfter({ headers }: FailedAnswer): { readonly retryAfterSeconds?: number } {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  // More than a minute is not waited for inside a call.
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterSeconds: Math.min(seconds, 60) } : {};
}

function isGrpcCode(code: string): code is GrpcCode {
  return Object.hasOwn(byGrpcCode, code);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
