import {
  type Asked,
  createDirectoryClient,
  type DirectoryClient,
  DirectoryProblem,
  type Problem,
  type RouteName,
  type Routes,
} from '@drawbridge/directory/client';
import { DrawbridgeError, type Fetch, isErrorCode, readText, type Secret } from '@drawbridge/kit';

export type * from '@drawbridge/directory/client';

export interface DirectoryOptions {
  readonly fetch: Fetch;
  /** A fetch whose calls may last: streams. */
  readonly patientFetch: Fetch;
  readonly url: string;
  readonly token: () => Promise<Secret>;
}

/** The directory's API as the command uses it: its errors are the command's own. */
export class Directory {
  readonly #client: DirectoryClient;
  readonly #options: DirectoryOptions;
  readonly #base: string;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#base = options.url.replace(/\/$/, '');
    this.#client = createDirectoryClient({
      baseUrl: this.#base,
      fetch: options.fetch,
      token: async () => (await options.token()).expose(),
    });
  }

  /** @throws {DrawbridgeError} the directory's problem as an error, or why it was not reached */
  async call<R extends RouteName>(route: R, asked: Asked<R>): Promise<Routes[R]['answer']> {
    try {
      return await this.#client.call(route, ...([asked] as never));
    } catch (error) {
      if (!(error instanceof DirectoryProblem)) throw error;
      const params = ('params' in asked ? asked.params : {}) as Readonly<Record<string, string>>;
      const [method, template = ''] = route.split(' ');
      const path = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => params[name] ?? '');
      throw fromProblem(error, `${method} ${this.#base}${path}`);
    }
  }

  /** Reads an answer while it arrives. @throws {DrawbridgeError} as {@link Directory.call} */
  async stream(
    path: string,
    accept: string,
    options: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {},
  ): Promise<AsyncIterable<string>> {
    const token = await this.#options.token();
    const response = await this.#options.patientFetch(`${this.#base}${path}`, {
      headers: { ...options.headers, accept, authorization: `Bearer ${token.expose()}` },
      ...(options.signal ? { signal: options.signal } : {}),
    });
    if (!response.ok || !response.body) {
      const problem = problemOf(response.status, await readText(response));
      throw fromProblem(problem, `GET ${this.#base}${path.split('?')[0]}`);
    }
    return response.body.pipeThrough(new TextDecoderStream() as never) as unknown as AsyncIterable<string>;
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

function problemOf(status: number, text: string): DirectoryProblem {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    read = undefined; // a proxy's page, which says nothing that can be relied on
  }
  if (typeof read === 'object' && read !== null && 'code' in read && 'title' in read)
    return new DirectoryProblem(read as Problem);
  const title = `The directory answered with status ${status} and nothing that explains it.`;
  return new DirectoryProblem({
    type: 'about:blank',
    title,
    status,
    code: 'invalid_response',
    requestId: '',
  });
}
