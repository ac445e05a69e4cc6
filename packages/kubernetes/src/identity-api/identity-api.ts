import { randomBytes } from 'node:crypto';
import {
  type Clock,
  createHttpServer,
  DrawbridgeError,
  type Logger,
  type Metrics,
  Secret,
  silentLogger,
  systemClock,
  type TlsFiles,
} from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import type { TokenReviewer } from '../token-review/index.ts';
import { createDecisions, type SubjectAccess } from './access/index.ts';
import { createAuthenticator, type FrontProxyTrust } from './caller/index.ts';
import { addDiscovery, type IdentityGroup, identityGroups } from './discovery/index.ts';
import { createContinueTokens } from './query/index.ts';
import {
  createServiceAccountKeyResource,
  createSessionResource,
  createUserIdentityResource,
} from './resources/index.ts';
import { addResources } from './routes.ts';
import { statusFormat } from './wire/index.ts';

/** What the virtual identity API is made of. */
export interface IdentityApiOptions {
  /** The instance whose sessions, identities and keys are shown, as an account that may read and end those of everybody. */
  readonly zitadel: Pick<Zitadel, 'sessions' | 'users' | 'organizations' | 'identityProviders'>;
  /** Groups that the resources are served in, the preferred first. Default both. */
  readonly groups?: readonly IdentityGroup[];
  /** The present trust in kube-apiserver, whose authorities are among the TLS files. */
  readonly frontProxy?: () => FrontProxyTrust;
  /** Tells whose a token is, for who calls directly. Absent: only kube-apiserver can call. */
  readonly tokens?: TokenReviewer;
  /** Takes the user name for the id where kube-apiserver sends none (before 1.33). Default false. */
  readonly uidFromUsername?: boolean;
  /** Asks Kubernetes who may have what is not theirs. Absent: nobody may. */
  readonly subjectAccess?: SubjectAccess;
  /** How keys of service accounts are made, and where those accounts are. */
  readonly serviceAccountKeys?: ServiceAccountKeySettings;
  /** Signs where lists go on; the same on all replicas. Default a new one for this process. */
  readonly continueKey?: Secret<string>;
  /** How long a list may go on, in milliseconds. Default 300,000. */
  readonly continueMs?: number;
  /** How long one request may take, in milliseconds. Default 30,000. */
  readonly timeoutMs?: number;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string;
  readonly port: number;
  readonly tls: TlsFiles;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
}

/** How keys of service accounts are made. Times in milliseconds. */
export interface ServiceAccountKeySettings {
  /** Where no expiry is asked for. Default 90 days. */
  readonly defaultLifeMs?: number;
  /** The latest expiry that may be asked for. Default 365 days. */
  readonly mostLifeMs?: number;
  /** Organization of the accounts where a request comes through no project. Default none: such are refused. */
  readonly organizationId?: string;
  /** Project that tokens of these keys have to be for; its scope goes into the credentials document. */
  readonly introspectionProjectId?: string;
  /** Takes the plain extra `project` for the project, for tests. Default false. */
  readonly impersonationFallback?: boolean;
}

/** A running identity API. */
export interface IdentityApi {
  /** Origin it listens on, once started. */
  readonly url: string;
  /** @throws {DrawbridgeError} `address_in_use`, `invalid_settings` */
  start(): Promise<void>;
  /** Finishes the requests at hand. */
  stop(): Promise<void>;
}

const dayMs = 86_400_000;

const limits = {
  /** As much as kube-apiserver takes. */
  bodyBytes: 3 * 1024 * 1024,
  /** Somebody with many groups has long headers. */
  headerBytes: 64 * 1024,
  /** Go's clients keep connections for 90 s: one that we close first is an error at the next request. */
  idleMs: 120_000,
} as const;

/**
 * Makes the server of the virtual identity API: sessions, identities and keys of Zitadel as objects of Kubernetes, behind
 * kube-apiserver's aggregator or called directly with a token. It keeps nothing: any number of it may run.
 *
 * @throws {DrawbridgeError} `invalid_settings`
 * @see https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/
 * @example
 * ```ts
 * import { createIdentityApi, settleFrontProxy } from '@drawbridge/kubernetes';
 * import { createZitadel, serviceAccountFile } from '@drawbridge/zitadel';
 *
 * const trust = settleFrontProxy({ allowedNames: ['front-proxy-client'] });
 * const api = await createIdentityApi({
 *   zitadel: createZitadel({
 *     issuer: 'https://sso.acme.example',
 *     credentials: serviceAccountFile('/run/secrets/key.json'),
 *   }),
 *   frontProxy: () => trust,
 *   port: 8443,
 *   tls: { certFile: '/tls/tls.crt', keyFile: '/tls/tls.key', clientCaFile: '/tls/front-proxy-ca.crt' },
 * });
 * await api.start();
 * ```
 */
export async function createIdentityApi(options: IdentityApiOptions): Promise<IdentityApi> {
  const { zitadel, tls, tokens, frontProxy, groups = identityGroups } = options;
  const { clock = systemClock, logger = silentLogger, metrics } = options;
  checkTrust(options);
  const decide = createDecisions({ subjectAccess: options.subjectAccess, clock });
  const { defaultLifeMs = 90 * dayMs, mostLifeMs = 365 * dayMs, ...scope } = options.serviceAccountKeys ?? {};
  const common = { zitadel, decide, clock };
  const resources = [
    createSessionResource(common),
    createUserIdentityResource(common),
    createServiceAccountKeyResource({
      ...common,
      ...scope,
      life: { defaultMs: defaultLifeMs, mostMs: mostLifeMs },
    }),
  ];
  const server = await createHttpServer({
    name: 'apiserver',
    port: options.port,
    tls,
    limits,
    errorFormat: statusFormat,
    clock,
    logger,
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(metrics ? { metrics } : {}),
  });
  addDiscovery(server.app, { groups, resources: resources.map(({ description }) => description) });
  await addResources(server, {
    groups,
    resources,
    authenticator: createAuthenticator({
      logger,
      uidFromUsername: options.uidFromUsername ?? false,
      ...(frontProxy ? { frontProxy } : {}),
      ...(tokens ? { tokens } : {}),
      ...(metrics ? { metrics } : {}),
    }),
    continues: createContinueTokens({
      key: options.continueKey ?? new Secret(randomBytes(32).toString('base64')),
      clock,
      ...(options.continueMs === undefined ? {} : { lifeMs: options.continueMs }),
    }),
    timeoutMs: options.timeoutMs ?? 30_000,
    logger,
  });
  return server;
}

function checkTrust({ frontProxy, tokens, tls, groups }: IdentityApiOptions): void {
  const refuse = (message: string) => {
    throw new DrawbridgeError('invalid_settings', { message });
  };
  if (frontProxy === undefined && tokens === undefined)
    refuse('Nobody could call this server: neither a front proxy nor tokens are accepted.');
  if (frontProxy !== undefined && tls.clientCaFile === undefined && tls.readClientCa === undefined)
    refuse('The front proxy is recognised by its certificate, and no authority of it is given.');
  if (groups?.length === 0) refuse('No identity group is to be served.');
}
