import { DrawbridgeError } from '@drawbridge/kit';
import { type CallOptions, type Transport, ZitadelError } from '../transport/index.ts';
import { type Change, changed } from './reading.ts';

/** How long tokens of the instance live, in milliseconds. Zitadel's own defaults are 12 h, 12 h, 30 d and 90 d. */
export interface TokenLifetimes {
  readonly accessTokenMs: number;
  readonly idTokenMs: number;
  /** A refresh token that is not used for this long is dead. */
  readonly refreshIdleMs: number;
  /** And after this long in any case. */
  readonly refreshMs: number;
}

/** The instance's OpenID Connect settings; needs `iam.policy.read` and `iam.policy.write`. */
export interface OidcSettings {
  /** What was set, or undefined while Zitadel's defaults hold. */
  get(options?: CallOptions): Promise<TokenLifetimes | undefined>;
  /** Sets all four, whether or not some were set before. @throws {DrawbridgeError} `zitadel_invalid_argument` */
  set(lifetimes: TokenLifetimes, options?: CallOptions): Promise<Change>;
}

const path = '/admin/v1/settings/oidc';

/**
 * The token lifetimes of an instance, over its transport. They are of Zitadel's first API, which is REST.
 *
 * @see proto/zitadel/admin.proto, GetOIDCSettings, AddOIDCSettings, UpdateOIDCSettings
 */
export function createOidcSettings(transport: Transport): OidcSettings {
  return {
    async get(options) {
      try {
        const answer = await transport.rest('GET', path, undefined, options);
        return readLifetimes(answer);
      } catch (error) {
        if (isUnset(error)) return undefined;
        throw error;
      }
    },
    async set(lifetimes, options) {
      const body = {
        accessTokenLifetime: seconds(lifetimes.accessTokenMs),
        idTokenLifetime: seconds(lifetimes.idTokenMs),
        refreshTokenIdleExpiration: seconds(lifetimes.refreshIdleMs),
        refreshTokenExpiration: seconds(lifetimes.refreshMs),
      };
      const call = { ...options, repeatable: true };
      try {
        return await changed(transport.rest('PUT', path, body, call), 'COMMAND-0pk2nu');
      } catch (error) {
        if (!isUnset(error)) throw error;
        await transport.rest('POST', path, body, options);
        return { changed: true };
      }
    },
  };
}

/** NotFound from inside the procedure: it has an id, an unknown path has none. */
function isUnset(error: unknown): boolean {
  return error instanceof ZitadelError && error.code === 'zitadel_not_found' && error.id !== undefined;
}

function seconds(ms: number): string {
  return `${ms / 1_000}s`;
}

function readLifetimes(answer: unknown): TokenLifetimes {
  const settings = field(answer, 'settings');
  const ms = (name: string): number => {
    const value = field(settings, name);
    const found = typeof value === 'string' ? Number.parseFloat(value) : Number.NaN;
    if (Number.isFinite(found)) return found * 1_000;
    throw new DrawbridgeError('invalid_response', {
      message: `Zitadel's answer about token lifetimes lacks \`${name}\`.`,
      where: path,
    });
  };
  return {
    accessTokenMs: ms('accessTokenLifetime'),
    idTokenMs: ms('idTokenLifetime'),
    refreshIdleMs: ms('refreshTokenIdleExpiration'),
    refreshMs: ms('refreshTokenExpiration'),
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
