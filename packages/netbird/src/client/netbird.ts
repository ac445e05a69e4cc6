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
  type Account,
  createAccount,
  createGroups,
  createPeers,
  createTokens,
  createUsers,
  type Groups,
  type Peers,
  type Tokens,
  type Users,
} from '../services/index.ts';
import { type CallOptions, createTransport, type Transport } from '../transport/index.ts';
import { type NetbirdProbe, probe } from './probe.ts';

/** How to reach one NetBird, and as whom. */
export interface NetbirdOptions {
  /** URL of the management server, with or without `/api` at its end. */
  readonly url: string;
  /** Personal access token, of a service user with the role admin. */
  readonly token: Secret;
  /** Connectors of NetBird's embedded identity provider that lead to our Zitadel. Default: any that names the subject. */
  readonly connectorIds?: readonly string[];
  /** Where its TCP port is, if not at the URL's own host: `host`, `host:port` or a URL. */
  readonly address?: string;
  /** PEM of the authorities to trust instead of Node's. */
  readonly ca?: string | readonly string[];
  /** Takes a plain-http URL that is not loopback. Default false. */
  readonly allowInsecure?: boolean;
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

/** One NetBird, seen through one token. */
export interface Netbird {
  readonly url: string;
  readonly users: Users;
  readonly groups: Groups;
  readonly peers: Peers;
  readonly tokens: Tokens;
  readonly account: Account;
  /** Calls that have no method here. */
  readonly transport: Transport;
  /**
   * Shows that NetBird is reached and takes the token, and tells what its role and the account's settings mean for us.
   *
   * @throws {DrawbridgeError} `netbird_unauthenticated`, `netbird_forbidden`, `netbird_unimplemented`, or why it was not reached
   */
  probe(options?: CallOptions): Promise<NetbirdProbe>;
  close(): Promise<void>;
}

/** Lists have no pages: an account with many users or devices is one large answer. */
const largestAnswer = 64 * 1024 * 1024;

/**
 * Makes the client of one NetBird. Nothing goes over the wire before the first call.
 *
 * @throws {DrawbridgeError} `invalid_settings`, `insecure_url`
 * @example
 * ```ts
 * import { Secret } from '@drawbridge/kit';
 * import { createNetbird } from '@drawbridge/netbird';
 *
 * const netbird = createNetbird({
 *   url: 'https://netbird.acme.example',
 *   token: new Secret(process.env.NETBIRD_TOKEN ?? ''),
 * });
 * const user = await netbird.users.findBySubject('312');
 * if (user) {
 *   const autoGroups = await netbird.groups.ensure(['engineers']);
 *   await netbird.users.change(user.id, { autoGroups });
 * }
 * await netbird.close();
 * ```
 */
export function createNetbird(options: NetbirdOptions): Netbird {
  const { clock, logger, random, timeoutMs, totalMs, budget } = options;
  const parsed = requireSecureUrl(options.url, { allowInsecure: options.allowInsecure ?? false });
  const url = `${parsed.origin}${parsed.pathname.replace(/\/+$/, '').replace(/\/api$/, '')}`;
  const own = options.http
    ? undefined
    : createHttpClient({
        maxResponseBytes: largestAnswer,
        ...(options.address === undefined ? {} : { addresses: { [parsed.origin]: options.address } }),
        ...(options.ca === undefined ? {} : { ca: options.ca }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
  const transport = createTransport({
    url,
    token: options.token,
    fetch: withBudget(options.http ?? own, budget),
    ...(totalMs === undefined ? {} : { totalMs }),
    ...(clock ? { clock } : {}),
    ...(logger ? { logger } : {}),
    ...(random ? { random } : {}),
  });
  const { connectorIds } = options;
  const parts = {
    users: createUsers(transport, connectorIds ? { connectorIds } : {}),
    groups: createGroups(transport),
    peers: createPeers(transport),
    tokens: createTokens(transport),
    account: createAccount(transport),
  };
  return {
    url,
    transport,
    ...parts,
    probe: (call) => probe(parts, call),
    close: async () => {
      await own?.close();
    },
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
