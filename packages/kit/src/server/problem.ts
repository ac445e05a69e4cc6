import { DrawbridgeError, type ErrorCode, type Problem } from '../errors/index.ts';

export const problemContentType = 'application/problem+json';

/**
 * The body of every error answer.
 *
 * @see RFC 9457, Problem Details for HTTP APIs; the members from `code` on are extensions
 */
export interface Problem9457 {
  /** Identifies the kind of error; one for each code. */
  readonly type: string;
  /** The kind in words; the same for every answer with this code. */
  readonly title: string;
  readonly status: number;
  /** What happened this time, where there is more to say than the title. */
  readonly detail?: string;
  /** Stable code from the error registry. */
  readonly code: ErrorCode;
  /** To find the request in the log. */
  readonly requestId: string;
  /** What to do about it. */
  readonly fix?: string;
  /** Single mistakes, where several were found. */
  readonly problems?: readonly Problem[];
  /** Seconds to wait before another try. */
  readonly retryAfter?: number;
}

/**
 * Turns an error into the body for the caller. An `internal` error says nothing of what went wrong: its text was not
 * written for callers and may hold anything.
 *
 * @example
 * ```ts
 * import { DrawbridgeError, toProblem } from '@drawbridge/kit';
 *
 * console.log(toProblem(new DrawbridgeError('not_found'), 'r1').status); // 404
 * ```
 */
export function toProblem(error: DrawbridgeError, requestId: string): Problem9457 {
  const { code, info } = error;
  const quiet = code === 'internal';
  return {
    type: `urn:drawbridge:error:${code}`,
    title: info.message,
    status: info.status,
    ...(quiet || error.message === info.message ? {} : { detail: error.message }),
    code,
    requestId,
    ...(error.fix === undefined || quiet ? {} : { fix: error.fix }),
    ...(error.problems.length > 0 && !quiet ? { problems: error.problems } : {}),
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfter: error.retryAfterSeconds }),
  };
}

/** An error as it goes out. */
export interface ErrorBody {
  readonly contentType: string;
  readonly body: string;
}

/** How a server words its errors. The status is the registry's, whatever the words are. */
export type ErrorFormat = (error: DrawbridgeError, requestId: string) => ErrorBody;

/** Problem details, as every server answers that is told nothing else. */
export const problemFormat: ErrorFormat = (error, requestId) => ({
  contentType: problemContentType,
  body: JSON.stringify(toProblem(error, requestId)),
});

interface FastifyLikeError {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly validation?: unknown;
  readonly validationContext?: unknown;
}

/** The one place where failures of the HTTP framework and its validators become errors of ours. */
export function translateRequestError(caught: unknown): DrawbridgeError {
  if (!(caught instanceof Error) || caught instanceof DrawbridgeError) return DrawbridgeError.from(caught);
  const { code, statusCode, validation, validationContext } = caught as Error & FastifyLikeError;
  if (Array.isArray(validation)) {
    return new DrawbridgeError('invalid_request', {
      problems: validation.map((item) =>
        toFieldProblem(item, typeof validationContext === 'string' ? validationContext : 'request'),
      ),
      cause: caught,
    });
  }
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new DrawbridgeError('too_large', { cause: caught });
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new DrawbridgeError('unsupported_media_type', { cause: caught });
  if (statusCode === 429) return new DrawbridgeError('rate_limited', { cause: caught });
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    // The framework's own complaints about the request: their texts name no internals, but may quote the body.
    const malformed = caught instanceof SyntaxError || code === 'FST_ERR_CTP_INVALID_JSON_BODY';
    return new DrawbridgeError('invalid_request', {
      ...(malformed ? { message: 'The body is not JSON.' } : {}),
      cause: caught,
    });
  }
  return DrawbridgeError.from(caught);
}

/** Validators behind fastify report `{instancePath: '/a/0', message}`, relative to body, querystring, params or headers. */
function toFieldProblem(item: unknown, context: string): Problem {
  const { instancePath, message } = (item ?? {}) as { instancePath?: unknown; message?: unknown };
  const path = typeof instancePath === 'string' ? instancePath.split('/').filter(Boolean).join('.') : '';
  return {
    field: path ? `${context}.${path}` : context,
    message: typeof message === 'string' ? message : 'is not valid',
  };
}
