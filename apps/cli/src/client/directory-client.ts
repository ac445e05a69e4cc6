import {
  type CreateUser,
  createDirectoryClient,
  DirectoryProblem,
  type Run,
  type DirectoryClient as TypedClient,
  type User,
} from '@drawbridge/directory/client';
import { DrawbridgeError, type Fetch, isErrorCode, type Secret } from '@drawbridge/kit';

export type { Run, Step, User } from '@drawbridge/directory/client';

/** The directory's API as the command uses it: its errors are the command's own. */
export class DirectoryClient {
  readonly #client: TypedClient;
  readonly #base: string;

  constructor(options: {
    readonly fetch: Fetch;
    readonly url: string;
    readonly token: () => Promise<Secret>;
  }) {
    this.#base = options.url.replace(/\/$/, '');
    this.#client = createDirectoryClient({
      baseUrl: this.#base,
      fetch: options.fetch,
      token: async () => (await options.token()).expose(),
    });
  }

  async createUser(
    user: CreateUser,
    idempotencyKey: string,
  ): Promise<{ readonly user: User; readonly run: Run }> {
    return await this.#told('POST /api/users', () =>
      this.#client.call('POST /api/users', { body: user, headers: { 'idempotency-key': idempotencyKey } }),
    );
  }

  async listUsers(query: {
    readonly organization: string;
    readonly after?: string;
    readonly email?: string;
    readonly limit?: number;
  }): Promise<{ readonly items: readonly User[]; readonly next: string | null }> {
    return await this.#told('GET /api/users', () => this.#client.call('GET /api/users', { query }));
  }

  async getUser(id: string): Promise<User> {
    return await this.#told(`GET /api/users/${id}`, () =>
      this.#client.call('GET /api/users/{id}', { params: { id } }),
    );
  }

  async getRun(id: string): Promise<Run> {
    return await this.#told(`GET /api/runs/${id}`, () =>
      this.#client.call('GET /api/runs/{id}', { params: { id } }),
    );
  }

  async #told<T>(what: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof DirectoryProblem)) throw error;
      const [method, path] = what.split(' ');
      throw fromProblem(error, `${method} ${this.#base}${path}`);
    }
  }
}

/** A problem document as an error of ours, so that the command shows it like its own. */
function fromProblem({ problem, message }: DirectoryProblem, where: string): DrawbridgeError {
  const { fix, problems, requestId, retryAfter } = problem;
  const code = isErrorCode(problem.code) ? problem.code : 'invalid_response';
  return new DrawbridgeError(code, {
    message,
    where: requestId ? `${where}   request ${requestId}` : where,
    ...(fix ? { fix } : {}),
    ...(problems ? { problems } : {}),
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter }),
  });
}
