import type { Routes } from './api.ts';
import { readProblem } from './problem.ts';

/** A route by its name, as it stands in the OpenAPI document: `GET /api/users/{id}`. */
export type RouteName = keyof Routes;

/** What a request of a route is made of. */
export type Asked<R extends RouteName> = Routes[R]['asked'] & { readonly signal?: AbortSignal | undefined };

/** As much of `fetch` as is used: a browser's, Node's and the kit's are such. */
export type FetchLike = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal?: AbortSignal;
    readonly credentials?: 'same-origin';
  },
) => Promise<Pick<Response, 'status' | 'ok' | 'headers' | 'text'>>;

/** Where the API is, and how the caller proves itself: by cookie where it gives no token. */
export interface DirectoryClientOptions {
  /** Origin of the directory. Default: that of the page. */
  readonly baseUrl?: string;
  /** Default: the global one. */
  readonly fetch?: FetchLike;
  /** A bearer token, asked for with each request. */
  readonly token?: () => string | Promise<string>;
  /** The session's CSRF token, sent with unsafe requests. */
  readonly csrfToken?: () => string | undefined;
}

/** An answer with what its headers say. */
export interface Exchanged<R extends RouteName> {
  readonly status: number;
  readonly answer: Routes[R]['answer'];
  /** For `if-match` of a change. */
  readonly etag: string | undefined;
  /** Where what was begun is seen: the run of a 202. */
  readonly location: string | undefined;
}

type Arguments<R extends RouteName> =
  Record<string, never> extends Routes[R]['asked'] ? [asked?: Asked<R>] : [asked: Asked<R>];

/** The API, each route with the types of its OpenAPI description. */
export interface DirectoryClient {
  /** @throws {DirectoryProblem} when the answer is an error; what `fetch` throws when there is none */
  call<R extends RouteName>(route: R, ...asked: Arguments<R>): Promise<Routes[R]['answer']>;
  /** The same, with status and headers. */
  exchange<R extends RouteName>(route: R, ...asked: Arguments<R>): Promise<Exchanged<R>>;
}

type Asking = string | number | boolean | undefined;

interface Parts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, Asking | readonly Asking[]>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a client of the directory's API.
 *
 * @example
 * ```ts
 * import { createDirectoryClient } from '@drawbridge/directory/client';
 *
 * const directory = createDirectoryClient({
 *   baseUrl: 'https://directory.acme.example',
 *   token: () => process.env.TOKEN ?? '',
 * });
 * const { items } = await directory.call('GET /api/users', { query: { organization: 'north', limit: 50 } });
 * console.log(items.map(({ email, state }) => `${email} ${state}`));
 * ```
 */
export function createDirectoryClient(options: DirectoryClientOptions = {}): DirectoryClient {
  const { baseUrl = '', fetch: send = globalThis.fetch as FetchLike, token, csrfToken } = options;
  const base = baseUrl.replace(/\/$/, '');

  const exchange = async (route: string, asked: Parts) => {
    const [method = '', template = ''] = route.split(' ');
    const { body, signal } = asked;
    const bearer = await token?.();
    const csrf = method === 'GET' ? undefined : csrfToken?.();
    const isText = typeof body === 'string';
    const headers: Record<string, string> = {
      accept: 'application/json, application/problem+json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(csrf === undefined ? {} : { 'x-csrf-token': csrf }),
      ...(body === undefined ? {} : { 'content-type': isText ? 'text/csv' : 'application/json' }),
    };
    for (const [name, value] of Object.entries(asked.headers ?? {}))
      if (value !== undefined) headers[name] = value;
    const response = await send(`${base}${pathOf(template, asked)}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
      ...(token ? {} : { credentials: 'same-origin' as const }),
    });
    const text = await response.text();
    if (!response.ok) throw readProblem(response.status, text);
    const isJson = /\bjson\b/.test((response.headers.get('content-type') ?? '').replace('ndjson', ''));
    return {
      status: response.status,
      answer: isJson ? parse(response.status, text) : text,
      etag: response.headers.get('etag') ?? undefined,
      location: response.headers.get('location') ?? undefined,
    };
  };

  return {
    call: async (route, ...[asked]) => (await exchange(route, (asked ?? {}) as Parts)).answer as never,
    exchange: async (route, ...[asked]) => (await exchange(route, (asked ?? {}) as Parts)) as never,
  };
}

function pathOf(template: string, { params = {}, query = {} }: Parts): string {
  const path = template.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) if (one !== undefined) search.append(name, String(one));
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

function parse(status: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw readProblem(status, ''); // the parser's error would quote the answer
  }
}
