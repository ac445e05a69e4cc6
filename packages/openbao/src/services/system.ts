import { Secret } from '@drawbridge/kit';
import { type CallOptions, OpenbaoError, type Transport } from '../transport/index.ts';
import type { HealthBody, InitBody, SealStatusBody } from '../wire/index.ts';
import { readData, readObject } from './reading.ts';

/** How a server is. Only `active` answers everything. */
export type ServerState = 'active' | 'standby' | 'sealed' | 'uninitialized';

/** What a health check tells, whatever the state is. */
export interface Health {
  readonly state: ServerState;
  readonly initialized: boolean;
  readonly sealed: boolean;
  readonly standby: boolean;
  readonly version: string;
  /** The server's clock. */
  readonly serverTime: Date;
  /** Absent while it is sealed. */
  readonly clusterId?: string;
}

/** How far unsealing is. */
export interface SealStatus {
  readonly sealed: boolean;
  readonly initialized: boolean;
  /** `shamir`, or the kind of an automatic seal. */
  readonly type: string;
  /** Keys that are needed. */
  readonly threshold: number;
  /** Keys that there are. */
  readonly shares: number;
  /** Keys given so far. */
  readonly progress: number;
  readonly version: string;
}

/** What initializing gives, and nothing ever gives again. */
export interface Initialized {
  /** In base64. */
  readonly unsealKeys: readonly Secret[];
  readonly rootToken: Secret;
}

/** The server itself. Every method throws what {@link Transport.call} throws; the codes named are those to expect. */
export interface System {
  /** Whatever the state is: a sealed server is an answer here, and no error. */
  health(options?: CallOptions): Promise<Health>;
  /** @throws {DrawbridgeError} `openbao_not_initialized`, `openbao_sealed`, `openbao_standby` */
  requireActive(options?: CallOptions): Promise<Health>;
  sealStatus(options?: CallOptions): Promise<SealStatus>;
  isInitialized(options?: CallOptions): Promise<boolean>;
  /**
   * Initializes a server with Shamir's seal. Default one key of one. It is never tried again: an answer that is lost takes the keys
   * with it.
   *
   * @throws {DrawbridgeError} `openbao_invalid_argument` for one that was initialized before
   */
  init(
    shares?: { readonly shares: number; readonly threshold: number },
    options?: CallOptions,
  ): Promise<Initialized>;
  /** Gives unseal keys until it is unsealed. @throws {DrawbridgeError} `openbao_invalid_argument` for a wrong key */
  unseal(keys: readonly Secret[], options?: CallOptions): Promise<SealStatus>;
  /** Needs a token with sudo on `sys/seal`. */
  seal(options?: CallOptions): Promise<void>;
  /** What the token may do at these paths, `deny` for nothing. */
  capabilities(
    paths: readonly string[],
    options?: CallOptions,
  ): Promise<Readonly<Record<string, readonly string[]>>>;
}

const rootOnly = { anonymous: true, rootOnly: true } as const;
/** Health says what it means by its status too. @see http/sys_health.go */
const healthStatuses = [429, 472, 473, 501, 503];

/** The system calls of an OpenBao, over its transport. */
export function createSystem(transport: Transport): System {
  const health = async (options?: CallOptions): Promise<Health> => {
    const answer = await transport.call(
      { method: 'GET', path: '/sys/health', ...rootOnly, alsoFine: healthStatuses },
      options,
    );
    const body = readObject<HealthBody>(answer, 'a health check', {
      initialized: 'boolean',
      sealed: 'boolean',
      standby: 'boolean',
      version: 'string',
      server_time_utc: 'number',
    });
    const { initialized, sealed, standby, version, cluster_id: clusterId } = body;
    return {
      state: !initialized ? 'uninitialized' : sealed ? 'sealed' : standby ? 'standby' : 'active',
      initialized,
      sealed,
      standby,
      version,
      serverTime: new Date(body.server_time_utc * 1_000),
      ...(clusterId === undefined ? {} : { clusterId }),
    };
  };

  return {
    health,
    async requireActive(options) {
      const found = await health(options);
      if (found.state === 'active') return found;
      const where = transport.url;
      if (found.state === 'sealed') throw new OpenbaoError('openbao_sealed', { where });
      if (found.state === 'standby') throw new OpenbaoError('openbao_standby', { where });
      throw new OpenbaoError('openbao_not_initialized', { where });
    },
    async sealStatus(options) {
      const path = '/sys/seal-status';
      return readSealStatus(await transport.call({ method: 'GET', path, ...rootOnly }, options));
    },
    async isInitialized(options) {
      const answer = await transport.call({ method: 'GET', path: '/sys/init', ...rootOnly }, options);
      return readObject<{ initialized: boolean }>(answer, 'an init status', { initialized: 'boolean' })
        .initialized;
    },
    async init({ shares, threshold } = { shares: 1, threshold: 1 }, options) {
      const body = { secret_shares: shares, secret_threshold: threshold };
      const answer = await transport.call({ method: 'PUT', path: '/sys/init', body, ...rootOnly }, options);
      const made = readObject<InitBody>(answer, 'unseal keys', {
        keys_base64: 'strings',
        root_token: 'string',
      });
      return {
        unsealKeys: made.keys_base64.map((key) => new Secret(key)),
        rootToken: new Secret(made.root_token),
      };
    },
    async unseal(keys, options) {
      let status: SealStatus | undefined;
      for (const key of keys) {
        const body = { key: key.expose() };
        const request = { method: 'PUT', path: '/sys/unseal', body, ...rootOnly } as const;
        status = readSealStatus(await transport.call(request, options));
        if (!status.sealed) break;
      }
      return status ?? (await this.sealStatus(options));
    },
    async seal(options) {
      await transport.call({ method: 'PUT', path: '/sys/seal', rootOnly: true }, options);
    },
    async capabilities(paths, options) {
      const path = '/sys/capabilities-self';
      const answer = await transport.call(
        { method: 'POST', path, body: { paths }, repeatable: true },
        options,
      );
      const data = readData<Readonly<Record<string, unknown>>>(answer, 'capabilities');
      return Object.fromEntries(
        paths.map((one) => [one, Array.isArray(data[one]) ? (data[one] as readonly string[]) : ['deny']]),
      );
    },
  };
}

function readSealStatus(answer: unknown): SealStatus {
  const body = readObject<SealStatusBody>(answer, 'a seal status', {
    sealed: 'boolean',
    initialized: 'boolean',
    type: 'string',
    t: 'number',
    n: 'number',
    progress: 'number',
  });
  const { sealed, initialized, type, t: threshold, n: shares, progress, version } = body;
  return { sealed, initialized, type, threshold, shares, progress, version };
}
