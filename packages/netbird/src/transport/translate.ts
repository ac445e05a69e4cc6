import type { DrawbridgeError, ErrorCode } from '@drawbridge/kit';
import { NetbirdError } from './error.ts';

/** An answer that is not a success, its body read. */
export interface FailedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Where it came from, without query. */
  readonly where: string;
}

/**
 * How long to wait after a 429. NetBird sends no Retry-After; its bucket refills one call every 10 s unless it was set up
 * otherwise (management/server/http/middleware/rate_limiter.go).
 */
const refillSeconds = 10;

/** The one place where NetBird's failures become errors of ours. */
export function translateAnswer(answer: FailedAnswer): DrawbridgeError {
  const { status, where, body, headers } = answer;
  const text = messageOf(body);
  if (text === undefined) {
    const saw = `${status} ${headers.get('content-type') ?? 'without a content type'}`;
    return new NetbirdError(codeOfProxy(status), { status, where, saw, ...waitOf(answer) });
  }
  if (isDeadToken(text)) {
    // Its text holds the token's hash, which is nobody's business.
    return new NetbirdError('netbird_unauthenticated', {
      status,
      where,
      text: 'invalid token',
      why: 'NetBird has no such token: it was deleted, or its user was.',
    });
  }
  const code = codeOf(status, text);
  const why = code === 'netbird_unauthenticated' && status === 403 ? { why: 'Its user is blocked.' } : {};
  return new NetbirdError(code, { status, where, text, saw: text, ...why, ...waitOf(answer) });
}

/** A token that NetBird does not know is answered with 404, as if the thing asked for were missing. */
function isDeadToken(text: string): boolean {
  return text.startsWith('invalid token: ') || text === 'token invalid';
}

function codeOf(status: number, text: string): ErrorCode {
  switch (status) {
    case 400:
      // Deleting a group answers 400 whatever the reason is.
      if (text.startsWith('group has been linked')) return 'netbird_group_linked';
      return /^group: \S+ not found$/.test(text) ? 'netbird_not_found' : 'netbird_invalid_argument';
    case 401:
      return 'netbird_unauthenticated';
    case 403:
      return /user is (?:blocked|pending approval)$/.test(text)
        ? 'netbird_unauthenticated'
        : 'netbird_forbidden';
    case 404:
      return 'netbird_not_found';
    case 409:
      return text.includes('existing netbird account') ? 'user_exists_in_idp' : 'netbird_already_exists';
    case 412:
      return 'netbird_precondition';
    case 422:
      return 'netbird_invalid_argument';
    case 429:
      return 'rate_limited';
    default:
      return status >= 500 ? 'netbird_failed' : 'invalid_response';
  }
}

/** An answer that NetBird's handlers did not write: its router, which knows no such path, or a proxy. */
function codeOfProxy(status: number): ErrorCode {
  if (status === 401) return 'netbird_unauthenticated';
  if (status === 403) return 'netbird_forbidden';
  if (status === 404 || status === 405) return 'netbird_unimplemented';
  if (status === 429) return 'rate_limited';
  return status === 502 || status === 503 || status === 504
    ? 'unreachable'
    : status >= 500
      ? 'netbird_failed'
      : 'invalid_response';
}

function waitOf({ status, headers }: FailedAnswer): {
  readonly retryAfterSeconds?: number;
  readonly fix?: string;
} {
  if (status !== 429 && status !== 503) return {};
  const asked = Number(headers.get('retry-after') ?? Number.NaN);
  const known = Number.isFinite(asked) && asked >= 0;
  if (status === 503) return known ? { retryAfterSeconds: asked } : {};
  return {
    retryAfterSeconds: known ? asked : refillSeconds,
    fix: 'Wait, or raise NB_API_RATE_LIMITING_RPM on the management server.',
  };
}

function messageOf(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || !('message' in value)) return undefined;
    return typeof value.message === 'string' ? value.message.toLowerCase() : undefined;
  } catch {
    return undefined;
  }
}
