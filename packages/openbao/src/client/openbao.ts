import {
  type Budget,
  type Clock,
  createHttpClient,
  DrawbridgeError,
  type Fetch,
  type HttpClient,
  type Logger,
  requireSecureUrl,
  type Secret,
} from '@drawbridge/kit';
import {
  createJwtMethod,
  createKv2,
  createMounts,
  createNamespaces,
  createPolicies,
  createSystem,
  createTokens,
  createUserpassMethod,
  type JwtMethod,
  type Kv2,
  type Mounts,
  type Namespaces,
  type Policies,
  type System,
  type Tokens,
  type UserpassMethod,
} from '../services/index.ts';
import { createTransport, type TokenProvider, type Transport } from '../transport/index.ts';

/** How to reach one OpenBao, and as whom. */
export interface OpenbaoOptions {
  /** URL of the server, with or without `/v1` at its end. */
  readonly url: string;
  /** Where its TCP port is, if not at the URL's own host: `host`, `host:port` or a URL. */
  readonly address?: string;
  /** PEM of the authorities to trust instead of Node's. */
  readonly ca?: string | readonly string[];
  /** Takes a plain-http URL that is not loopback. Default false. */
  readonly allowInsecure?: boolean;
  /** Namespace of all calls that have one. Default: the root. */
  readonly namespace?: string;
  /** Token of all calls that take one; from a provider it may change. Default none. */
  readonly token?: Secret | TokenProvider;
  /** The HTTP client to use instead of an own one; it is not closed with this client. */
  readonly http?: Pick<HttpClient, 'fetch'>;
  /** Admission of all calls together. Default none. */
  readonly budget?: Budget;
  /** One try of a call, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** One call with all its tries, in milliseconds. Default 30,000. */
  readonly totalMs?: number;
  readonly clock?: Clock;
  /** Uniform in [0, 1). Default Math.random. */
  readonly random?: () => number;
  readonly logger?: Logger;
}

/** One OpenBao, seen through one token in one namespace. */
export interface Openbao {
  readonly url: string;
  readonly namespace: string | undefined;
  readonly system: System;
  /** Auth methods. */
  readonly auth: Mounts;
  /** Secrets engines. */
  readonly mounts: Mounts;
  readonly tokens: Tokens;
  readonly policies: Policies;
  readonly namespaces: Namespaces;
  /** A JWT method; `jwt` by default. */
  jwt(mount?: string): JwtMethod;
  /** A userpass method; `userpass` by default. */
  userpass(mount?: string): UserpassMethod;
  /** A KV version 2 engine; `secret` by default. */
  kv(mount?: string): Kv2;
  /** The same server with another token, another namespace or both. It is closed with this one. */
  as(who: { readonly token?: Secret | TokenProvider; readonly namespace?: string }): Openbao;
  /** Calls that have no method here. */
  readonly transport: Transport;
  close(): Promise<void>;
}

/** OpenBao takes requests of 32 MiB, so its answers may be as large. */
const largestAnswer = 40 * 1024 * 1024;

/**
 * Makes the client of one OpenBao. Nothing goes over the wire before the first call.
 *
 * @throws {DrawbridgeError} `invalid_settings`, `insecure_url`
 * @example
 * ```ts
 * import { Secret } from '@drawbridge/kit';
 * import { createOpenbao } from '@drawbridge/openbao';
 *
 * const openbao = createOpenbao({ url: 'https://bao.acme.example' });
 * const jwt = new Secret(process.env.ID_TOKEN ?? '');
 * const login = await openbao.jwt().login({ role: 'harmony-developer', jwt });
 * const mine = openbao.as({ token: login.token });
 * const { version } = await mine.kv().put('harmony/demo', { greeting: 'hello' }, { cas: 0 });
 * console.log(version, await mine.kv().list('harmony'));
 * await mine.tokens.revokeSelf();
 * await openbao.close();
 * ```
 */
export function createOpenbao(options: OpenbaoOptions): Openbao {
  const { timeoutMs } = options;
  const parsed = requireSecureUrl(options.url, { allowInsecure: options.allowInsecure ?? false });
  const url = `${parsed.origin}${parsed.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')}`;
  const own = options.http
    ? undefined
    : createHttpClient({
        maxResponseBytes: largestAnswer,
        ...(options.address === undefined ? {} : { addresses: { [parsed.origin]: options.address } }),
        ...(options.ca === undefined ? {} : { ca: options.ca }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
  const fetch = withBudget(options.http ?? own, options.budget);
  return openbaoOver({ ...options, url }, fetch, async () => own?.close());
}

function openbaoOver(options: OpenbaoOptions, fetch: Fetch, close: () => Promise<void>): Openbao {
  const { url, namespace, token, totalMs, clock, logger, random } = options;
  const transport = createTransport({
    url,
    fetch,
    ...(namespace === undefined ? {} : { namespace }),
    ...(token ? { token } : {}),
    ...(totalMs === undefined ? {} : { totalMs }),
    ...(clock ? { clock } : {}),
    ...(logger ? { logger } : {}),
    ...(random ? { random } : {}),
  });
  return {
    url,
    namespace,
    transport,
    system: createSystem(transport),
    auth: createMounts(transport, 'auth'),
    mounts: createMounts(transport, 'mounts'),
    tokens: createTokens(transport),
    policies: createPolicies(transport),
    namespaces: createNamespaces(transport),
    jwt: (mount) => createJwtMethod(transport, mount),
    userpass: (mount) => createUserpassMethod(transport, mount),
    kv: (mount) => createKv2(transport, mount),
    as: (who) => openbaoOver({ ...options, ...who }, fetch, async () => undefined),
    close,
  };
}

function withBudget(http: Pick<HttpClient, 'fetch'> | undefined, budget: Budget | undefined): Fetch {
  if (!http) throw new DrawbridgeError('internal');
  if (!budget) return http.fetch;
  return async (input, init = {}) => {
    await budget.take(init.priority ?? 'high', init.signal ?? undefined);
    return await http.fetch(input, init);
  };
}
