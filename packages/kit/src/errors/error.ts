import type { CodeInfo } from './code-info.ts';
import { type ErrorCode, errorRegistry } from './registry.ts';

/** What the thrower knows beyond the code; all of it is shown to people, so none of it may hold a secret. */
export interface ErrorDetails {
  /** What happened, in the user's words. Default: the registry's sentence. */
  readonly message?: string;
  /** Where: a path, a URL without query, a file and line. */
  readonly where?: string;
  /** What was seen there; foreign text is quoted and cut. */
  readonly saw?: string;
  /** Why it likely happened. */
  readonly why?: string;
  /** What to do, with a whole command where one exists. Default: the registry's advice. */
  readonly fix?: string;
  /** Single complaints, when several were found at once. */
  readonly problems?: readonly Problem[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number;
  /** The error underneath. Kept for logs, never sent to a caller. */
  readonly cause?: unknown;
}

/** One of several mistakes reported together. */
export interface Problem {
  /** Which field, flag or variable. */
  readonly field: string;
  /** What is wrong with it, as a sentence part: "is not a URL". */
  readonly message: string;
}

/**
 * The one error type that crosses our own boundaries. `code` is stable and registered; everything foreign is translated
 * into it once, where it enters, and kept as `cause`.
 *
 * @example
 * ```ts
 * import { DrawbridgeError } from '@drawbridge/kit';
 *
 * try {
 *   throw new DrawbridgeError('not_found', { message: 'No run 7Q2F here.' });
 * } catch (caught) {
 *   const error = DrawbridgeError.from(caught);
 *   console.log(error.code, error.info.status); // not_found 404
 * }
 * ```
 */
export class DrawbridgeError extends Error {
  override readonly name: string = 'DrawbridgeError';
  /** Stable code from the registry. */
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly saw: string | undefined;
  readonly why: string | undefined;
  readonly fix: string | undefined;
  readonly problems: readonly Problem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    const info: CodeInfo = errorRegistry[code];
    super(
      details.message ?? info.message,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.where = details.where;
    this.saw = details.saw === undefined ? undefined : cut(details.saw);
    this.why = details.why;
    this.fix = details.fix ?? info.fix;
    this.problems = details.problems ?? [];
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  /** Status, exit code and Kubernetes reason of this error's code. */
  get info(): CodeInfo {
    return errorRegistry[this.code];
  }

  /**
   * Turns anything caught into a DrawbridgeError. One of ours is returned as it is; an abort becomes `canceled`, a
   * time-out `timeout`, everything else `internal` with the original as `cause` (its text is not shown to callers).
   */
  static from(caught: unknown): DrawbridgeError {
    if (caught instanceof DrawbridgeError) return caught;
    if (caught instanceof Error && caught.name === 'TimeoutError')
      return new DrawbridgeError('timeout', { cause: caught });
    if (caught instanceof Error && caught.name === 'AbortError')
      return new DrawbridgeError('canceled', { cause: caught });
    return new DrawbridgeError('internal', { cause: caught });
  }
}

const longestQuote = 400;

/** Foreign text is quoted at most this long, and without control characters that could redraw a terminal. */
function cut(text: string): string {
  const clean = text.replace(/\p{Cc}+/gu, ' ').trim();
  return clean.length > longestQuote ? `${clean.slice(0, longestQuote)}…` : clean;
}
