import type { Problem } from './api.ts';

/**
 * An answer of the API that is an error. `code` is stable; `problem` is the whole document.
 *
 * @see RFC 9457
 */
export class DirectoryProblem extends Error {
  override readonly name = 'DirectoryProblem';
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.status = problem.status;
    this.problem = problem;
  }

  /** Stable code of the error registry; `invalid_response` where the answer was no problem document. */
  get code(): string {
    return this.problem.code;
  }

  /** Seconds to wait before another try, where the server said so. */
  get retryAfterSeconds(): number | undefined {
    return this.problem.retryAfter;
  }
}

/** Reads an error answer, whatever it is: a proxy's own page as well. */
export function readProblem(status: number, text: string): DirectoryProblem {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    read = undefined; // a proxy's page, which says nothing that can be relied on
  }
  const known = typeof read === 'object' && read !== null && 'code' in read && 'title' in read;
  return new DirectoryProblem(
    known
      ? (read as Problem)
      : {
          type: 'about:blank',
          title: 'The answer is not from the directory.',
          status,
          code: 'invalid_response',
          requestId: '',
        },
  );
}
