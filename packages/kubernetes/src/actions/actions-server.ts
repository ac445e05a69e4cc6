import {
  addReceiverRoute,
  createActionPayloads,
  type DecryptionKeys,
  type EventsDatabase,
  listedInstances,
  type SigningKeys,
} from '@drawbridge/events';
import {
  type Clock,
  createHttpServer,
  DrawbridgeError,
  type HttpClient,
  type HttpServer,
  isLoopback,
  type Logger,
  type Metrics,
  noMetrics,
  silentLogger,
  systemClock,
  type TlsFiles,
} from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import type { Cluster } from '../cluster/index.ts';
import type { ClaimsPolicySource } from './claims/index.ts';
import { addCustomizeRoute } from './customize-route.ts';
import { createProof, Intake } from './intake/index.ts';
import {
  type CreatingEvent,
  createProviderNames,
  createUserObjects,
  type LoginProvider,
  userConsumer,
} from './users/index.ts';

/** Whose calls are answered, and what becomes of them. */
export interface ActionsServerOptions<S> {
  /** Holds the inbox: every event is there before its call is answered. */
  readonly database: EventsDatabase<S>;
  /** Keys of the targets; see {@link openKeyRing}. Without them every call is taken, and only a loopback address is listened on. */
  readonly keys?: SigningKeys;
  /** Where User objects are. Without it events are kept for the revocation feed alone. */
  readonly cluster?: Pick<Cluster, 'objects'>;
  /** Reads events that webhooks lost (`events.read`) and types of identity providers (`iam.idp.read`). */
  readonly zitadel?: Pick<Zitadel, 'events' | 'instance' | 'identityProviders'>;
  /** Id of the instance. Default: Zitadel's, the only one that the database knows, or that of the first signed call. */
  readonly instance?: string;
  /** What tokens are given. Default: `email` alone. */
  readonly policy?: ClaimsPolicySource;
  /** Events that make User objects. Default both. */
  readonly createOn?: readonly CreatingEvent[];
  /** Identity providers by id. Default: told apart by their type in Zitadel. */
  readonly identityProviders?: ReadonlyMap<string, LoginProvider | 'other'>;
  /** For targets with the payload types JWT and JWE, whose bodies the instance signs. */
  readonly packed?: {
    readonly issuer: string;
    readonly http: Pick<HttpClient, 'fetch'>;
    readonly decryptionKeys?: DecryptionKeys;
  };
  /** The longest life of an access token, in milliseconds: as long are revocations kept. Default 12 hours. */
  readonly tokenLifeMs?: number;
  /** Time for customizing a token, in milliseconds. Default 2,000. */
  readonly customizeMs?: number;
  /** How often work of other processes is looked for, in milliseconds. Default 1,000. */
  readonly pollMs?: number;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  readonly port: number;
  readonly tls?: TlsFiles;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
}

/** A running actions server. */
export interface ActionsServer {
  /** Origin, once started. */
  readonly url: string;
  /** @throws {DrawbridgeError} `address_in_use`, `invalid_settings` */
  start(): Promise<void>;
  /** Finishes the calls at hand; what is in the inbox is applied after the next start. */
  stop(): Promise<void>;
}

/** Paths of the targets' endpoints. The first two are the Go provider's; any event is taken at each of the three. */
export const actionPaths = {
  createUserAccount: '/v1/actions/create-user-account',
  idpIntentSucceeded: '/v1/actions/idp-intent-succeeded',
  events: '/v1/actions/events',
  customizeJwt: '/v1/actions/customize-jwt',
} as const;

const jsonDepth = 32;

/**
 * Makes the server that Zitadel's actions call. Events are stored first and answered then, and become User objects, notes at them and
 * revocations from the inbox, each once, however long the cluster is away. Functions are answered from the claims policy.
 *
 * @throws {DrawbridgeError} `invalid_settings` without keys on an address that is not loopback
 * @example
 * ```ts
 * import type { EventsDatabase } from '@drawbridge/events';
 * import { createActionsServer, createCluster, loadClusterAccess, openKeyRing } from '@drawbridge/kubernetes';
 *
 * declare const database: EventsDatabase;
 * const server = await createActionsServer({
 *   database,
 *   keys: await openKeyRing({ file: '/etc/drawbridge/signing-keys' }),
 *   cluster: createCluster({ access: await loadClusterAccess() }),
 *   port: 8082,
 * });
 * await server.start();
 * ```
 */
export async function createActionsServer<S>(options: ActionsServerOptions<S>): Promise<ActionsServer> {
  const { database, keys, cluster, zitadel, packed, host = '127.0.0.1', tls } = options;
  const { logger = silentLogger, metrics = noMetrics, clock = systemClock } = options;
  if (!keys && !isLoopbackHost(host))
    throw new DrawbridgeError('invalid_settings', {
      message: 'Unsigned calls are taken only by a server that listens on loopback.',
      where: host,
      fix: 'Give the signing keys, or listen on 127.0.0.1.',
    });
  const prove = createProof({ keys, clock, logger });
  const providers = createProviderNames({
    clock,
    ...(options.identityProviders ? { configured: options.identityProviders } : {}),
    ...(zitadel ? { zitadel: zitadel.identityProviders } : {}),
  });
  const users = cluster && createUserObjects(cluster, logger);
  const intake = new Intake<S>({
    database,
    keys,
    instance: options.instance,
    zitadel,
    prove,
    tokenLifeMs: options.tokenLifeMs,
    pollMs: options.pollMs,
    clock,
    logger,
    metrics,
    consumersOf: (instance) =>
      users
        ? [
            userConsumer({
              database,
              instance,
              users,
              providers,
              createOn: options.createOn ?? ['user.human.selfregistered', 'user.human.added'],
              logger,
            }),
          ]
        : [],
  });
  const server: HttpServer = await createHttpServer({
    name: 'actions-server',
    host,
    port: options.port,
    limits: { jsonDepth },
    // Neither cluster nor Zitadel: without them events are stored all the same.
    checks: { database: async () => void (await database.read((db) => listedInstances(db))) },
    logger,
    clock,
    ...(options.metrics ? { metrics: options.metrics } : {}),
    ...(tls ? { tls } : {}),
  });
  for (const path of [actionPaths.createUserAccount, actionPaths.idpIntentSucceeded, actionPaths.events])
    await addReceiverRoute(server, { path, receiver: intake.receiver });
  await addCustomizeRoute(server, {
    path: actionPaths.customizeJwt,
    prove,
    payloads: createActionPayloads(packed ?? {}),
    policy: options.policy ?? { current: () => ({}) },
    budgetMs: options.customizeMs ?? 2_000,
    guard: () => {
      if (keys || isBoundToLoopback(server)) return;
      throw new DrawbridgeError('webhook_refused', {
        message: 'Unsigned calls are taken only by a server that is bound to loopback.',
      });
    },
    logger,
  });
  return {
    get url() {
      return server.url;
    },
    async start() {
      await server.start();
      intake.start();
    },
    async stop() {
      await server.stop();
      await intake.stop();
    },
  };
}

/** A name may stand for another address than it says. */
function isBoundToLoopback({ app }: HttpServer): boolean {
  const bound = app.server.address();
  return bound !== null && typeof bound !== 'string' && isLoopbackHost(bound.address);
}

function isLoopbackHost(host: string): boolean {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return URL.canParse(`http://${name}`) && isLoopback(new URL(`http://${name}`));
}
