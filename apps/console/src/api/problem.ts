/** The directory's problem details (RFC 9457); `code` is the registry's. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly detail?: string | undefined;
  readonly fix?: string | undefined;
  readonly where?: string | undefined;
  readonly requestId?: string | undefined;
  readonly problems?: readonly { readonly field: string; readonly message: string }[] | undefined;
  readonly retryAfter?: number | undefined;
}

/** A request that was not answered as asked. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Whatever was thrown, as a problem that can be shown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { status: 0, code: 'console_error', title: 'The console met something it does not know.', detail };
}

/** Reads an answer that is no success; a proxy's HTML page becomes a problem as well. */
export async function readProblem(response: Response, where: string): Promise<Problem> {
  const requestId = response.headers.get('x-request-id') ?? undefined;
  try {
    const body = (await response.json()) as Partial<Problem>;
    return {
      ...body,
      status: response.status,
      code: body.code ?? `http_${response.status}`,
      title: body.title ?? fallbackTitle(response.status),
      requestId: body.requestId ?? requestId,
      where,
    };
  } catch {
    const status = response.status;
    return { status, code: `http_${status}`, title: fallbackTitle(status), requestId, where };
  }
}

function fallbackTitle(status: number): string {
  if (status === 404) return 'Not found here.';
  if (status === 501) return 'This server does not offer that yet.';
  return `The server answered ${status}.`;
}

/** The same text that the terminal prints, for a ticket or a chat. */
export function problemText(problem: Problem): string {
  const lines = [`error[${problem.code}]: ${problem.detail ?? problem.title}`];
  if (problem.where) lines.push(`  where  ${problem.where}`);
  for (const { field, message } of problem.problems ?? []) lines.push(`  ${field}  ${message}`);
  if (problem.fix) lines.push(`  do     ${problem.fix}`);
  if (problem.requestId) lines.push(`  request ${problem.requestId}`);
  return lines.join('\n');
}
