import {
  Budget,
  type Clock,
  createHttpClient,
  DrawbridgeError,
  type Fetch,
  type HttpClient,
  type Logger,
  type Metrics,
  requireSecureUrl,
} from '@drawbridge/kit';
import type { Credentials, ServiceAccountFile } from '../credentials/index.ts';
import {
  type Actions,
  type Administrators,
  type Applications,
  type Authorizations,
  createActions,
  createAdministrators,
  createApplications,
  createAuthorizations,
  createCanary,
  createDevices,
  createEvents,
  createIdentityProviders,
  createInstanceService,
  createOidcSettings,
  createOrganizations,
  createProjects,
  createSessions,
  createUsers,
  type Devices,
  type Events,
  type IdentityProviders,
  type InstanceService,
  type OidcSettings,
  type Organizations,
  type Projects,
  type Sessions,
  type Users,
} from '../services/index.ts';
import { createTokenSource, type TokenSource } from '../token/index.ts';
import { type CallOptions, createTransport, type Transport } from '../transport/index.ts';
import { type Probe, probe } from './probe.ts';

/** How to reach one Zitadel instance, and as whom. */
export interface ZitadelOptions {
  /** URL that identifies the instance, byte for byte, without a slash at the end. */
  readonly issuer: string;
  /** Where its TCP port is, if not at the issuer's own host: `host`, `host:port` or a URL. */
  readonly address?: string;
  readonly credentials: Credentials | ServiceAccountFile;
  /** PEM of the authorities to trust instead of Node's. */
  readonly ca?: string | readonly string[];
  /** Takes a plain-http issuer that is not loopback. Default false. */
  readonly allowInsecure?: boolean;
  /** The HTTP client to use instead of an own one; it is not closed with this client. */
  readonly http?: Pick<HttpClient, 'fetch'>;
  /** Admission of all calls together. Default 20 a second on `*.zitadel.cloud`, else none. */
  readonly budget?: Budget;
  /** One try of a call, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** One call with all its tries, in milliseconds. Default 30,000. */
  readonly totalMs?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
  /** Of tokens and of the key's life; calls are counted by the HTTP client. */
  readonly metrics?: Metrics;
}

/** One Zitadel instance, seen through one service account. */
export interface Zitadel {
  readonly issuer: string;
  readonly token: TokenSource;
  readonly users: Users;
  readonly organizations: Organizations;
  readonly projects: Projects;
  readonly authorizations: Authorizations;
  readonly applications: Applications;
  readonly administrators: Administrators;
  readonly sessions: Sessions;
  readonly instance: InstanceService;
  readonly actions: Actions;
  readonly devices: Devices;
  readonly identityProviders: IdentityProviders;
  readonly oidcSettings: OidcSettings;
  readonly events: Events;
  /** Calls that have no method here. */
  readonly transport: Transport;
  /** Requests to this instance without a token, for OpenID Connect libraries. */
  readonly fetch: Fetch;
  /** Shows that Zitadel is new enough. @throws {DrawbridgeError} `zitadel_too_old` */
  probe(options?: CallOptions): Promise<Probe>;
  /** Shows that Zitadel sees its own data. @throws {DrawbridgeError} `absence_unproved` */
  canary(options?: CallOptions): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes the client of one Zitadel instance. Nothing goes over the wire before the first call.
 *
 * @throws {DrawbridgeError} `invalid_settings`, `insecure_url`
 * @example
 * ```ts
 * import { createZitadel, serviceAccountFile } from '@drawbridge/zitadel';
 *
 * const zitadel = createZitadel({
 *   issuer: 'https://sso.acme.example',
 *   credentials: serviceAccountFile('/etc/drawbridge/key.json'),
 * });
 * for await (const user of zitadel.users.list({ organizationId: '312' })) console.log(user.userId, user.state);
 * await zitadel.close();
 * ```
 */
export function createZitadel(options: ZitadelOptions): Zitadel {
  const issuer = checkIssuer(options.issuer, options.allowInsecure ?? false);
  const { clock, logger, random, timeoutMs, totalMs, metrics } = options;
  const seams = { ...(clock ? { clock } : {}), ...(logger ? { logger } : {}), ...(random ? { random } : {}) };
  const budget = options.budget ?? defaultBudget(issuer, { clock });
  const own = options.http
    ? undefined
    : createHttpClient({
        ...(options.address === undefined ? {} : { addresses: { [issuer]: options.address } }),
        ...(options.ca === undefined ? {} : { ca: options.ca }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(budget ? { budget } : {}),
      });
  const fetch = own ? own.fetch : withBudget(options.http?.fetch, budget);
  const token = createTokenSource({
    issuer,
    credentials: options.credentials,
    fetch,
    ...seams,
    ...(metrics ? { metrics } : {}),
  });
  const transport = createTransport({
    issuer,
    fetch,
    token,
    ...seams,
    ...(totalMs === undefined ? {} : { totalMs }),
  });
  const canary = createCanary(transport, token);
  const instance = createInstanceService(transport);
  return {
    issuer,
    token,
    transport,
    fetch,
    users: createUsers(transport, canary),
    organizations: createOrganizations(transport),
    projects: createProjects(transport),
    authorizations: createAuthorizations(transport),
    applications: createApplications(transport),
    administrators: createAdministrators(transport),
    sessions: createSessions(transport),
    instance,
    actions: createActions(transport),
    devices: createDevices(transport),
    identityProviders: createIdentityProviders(transport),
    oidcSettings: createOidcSettings(transport),
    events: createEvents(transport),
    probe: (call) => probe(transport, instance, canary, call),
    canary: (call) => canary.prove(call),
    async close() {
      token.close();
      await own?.close();
    },
  };
}

/** An issuer is compared as a string everywhere, so anything that two spellings could stand for is refused. */
function checkIssuer(issuer: string, allowInsecure: boolean): string {
  const url = requireSecureUrl(issuer, { allowInsecure });
  if (url.origin !== issuer) {
    throw new DrawbridgeError('invalid_settings', {
      message:
        'The issuer has to be scheme, host and port alone, as Zitadel writes it in its discovery document.',
      saw: issuer,
      fix: `Set it to ${url.origin}.`,
    });
  }
  return issuer;
}

/**
 * The budget of an instance, for all its clients together: Zitadel Cloud bans an address that is too fast. Elsewhere there is
 * none unless it is given: the operator knows what the server bears, and whether a domain is one of Zitadel Cloud.
 *
 * @param perSecond calls a second instead of the default, on any instance
 */
export function defaultBudget(
  issuer: string,
  { clock, perSecond }: { readonly clock?: Clock | undefined; readonly perSecond?: number | undefined } = {},
): Budget | undefined {
  const known = new URL(issuer).hostname.endsWith('.zitadel.cloud') ? 20 : undefined;
  const rate = perSecond ?? known;
  return rate === undefined ? undefined : new Budget({ perSecond: rate, ...(clock ? { clock } : {}) });
}

function withBudget(fetch: Fetch | undefined, budget: Budget | undefined): Fetch {
  if (!fetch) throw new DrawbridgeError('internal');
  if (!budget) return fetch;
  return async (input, init = {}) => {
    await budget.take(init.priority ?? 'high', init.signal ?? undefined);
    return await fetch(input, init);
  };
}
