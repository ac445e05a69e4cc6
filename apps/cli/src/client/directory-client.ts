import { DrawbridgeError, type Fetch, isErrorCode, readJson, type Secret } from '@drawbridge/kit';

/** A user, as `GET /api/users/{id}` shows it. */
export interface User {
  readonly id: string;
  readonly zitadelUserId: string | null;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly active: boolean;
  readonly permissions: readonly string[];
  readonly memberships: readonly {
    readonly organizationId: string;
    readonly role: string;
    readonly home: boolean;
  }[];
  readonly createdAt: string;
}

/** A step of a run. */
export interface Step {
  readonly name: string;
  readonly title: string;
  readonly state: string;
  readonly attempts: number;
  readonly detail: string | null;
  readonly error: string | null;
  readonly nextTryAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** A run, as `GET /api/runs/{id}` shows it. */
export interface Run {
  readonly id: string;
  readonly state: string;
  readonly code: string | null;
  readonly reason: string | null;
  readonly saga: string;
  readonly userId: string | null;
  readonly requestedBy: string;
  readonly createdAt: string;
  readonly choices: readonly string[];
  readonly steps: readonly Step[];
}

export interface NewUser {
  readonly organization: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly role: string;
}

/** The directory's API as the command uses it. */
export class DirectoryClient {
  readonly #fetch: Fetch;
  readonly #base: string;
  readonly #token: () => Promise<Secret>;

  constructor(options: {
    readonly fetch: Fetch;
    readonly url: string;
    readonly token: () => Promise<Secret>;
  }) {
    this.#fetch = options.fetch;
    this.#base = options.url.replace(/\/$/, '');
    this.#token = options.token;
  }

  async createUser(
    user: NewUser,
    idempotencyKey: string,
  ): Promise<{ readonly user: User; readonly run: Run }> {
    return (await this.#call('POST', '/api/users', user, { 'idempotency-key': idempotencyKey })) as {
      user: User;
      run: Run;
    };
  }

  async listUsers(query: {
    readonly organization: string;
    readonly after?: string;
    readonly email?: string;
    readonly limit?: number;
  }): Promise<{ readonly items: readonly User[]; readonly next: string | null }> {
    const search = new URLSearchParams({ organization: query.organization });
    if (query.after) search.set('after', query.after);
    if (query.email) search.set('email', query.email);
    if (query.limit) search.set('limit', String(query.limit));
    return (await this.#call('GET', `/api/users?${search.toString()}`)) as {
      items: User[];
      next: string | null;
    };
  }

  async getUser(id: string): Promise<User> {
    return (await this.#call('GET', `/api/users/${encodeURIComponent(id)}`)) as User;
  }

  async getRun(id: string): Promise<Run> {
    return (await this.#call('GET', `/api/runs/${encodeURIComponent(id)}`)) as Run;
  }

  async #call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<unknown> {
    const token = await this.#token();
    const response = await this.#fetch(`${this.#base}${path}`, {
      method,
      headers: {
        ...headers,
        accept: 'application/json',
        authorization: `Bearer ${token.expose()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await readJson(response);
    if (response.ok) return answer;
    throw fromProblem(answer, `${method} ${this.#base}${path.split('?')[0]}`);
  }
}

/** A problem document as an error of ours, so that the command shows it like its own. */
function fromProblem(answer: unknown, where: string): DrawbridgeError {
  const problem = (answer ?? {}) as {
    code?: string;
    detail?: string;
    title?: string;
    fix?: string;
    requestId?: string;
    problems?: { field: string; message: string }[];
  };
  const code = problem.code !== undefined && isErrorCode(problem.code) ? problem.code : 'invalid_response';
  const message = problem.detail ?? problem.title;
  return new DrawbridgeError(code, {
    where: problem.requestId ? `${where}   request ${problem.requestId}` : where,
    ...(message ? { message } : {}),
    ...(problem.fix ? { fix: problem.fix } : {}),
    ...(problem.problems ? { problems: problem.problems } : {}),
  });
}
