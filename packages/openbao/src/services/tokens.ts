import type { Secret } from '@drawbridge/kit';
import { type CallOptions, OpenbaoError, type RequestShape, type Transport } from '../transport/index.ts';
import type { TokenBody } from '../wire/index.ts';
import { type LoginToken, readLogin } from './login.ts';
import { readData } from './reading.ts';

/** A token as a lookup shows it, without the token itself. */
export interface TokenInfo {
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly displayName: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Where it was made, such as `auth/jwt/login`. */
  readonly path: string;
  readonly type: string;
  readonly renewable: boolean;
  /** Seconds left; 0 for a token without an end. */
  readonly ttlSeconds: number;
  readonly expires?: Date;
  readonly orphan: boolean;
  readonly entityId: string;
}

/** A token to be, a child of the caller's unless it is an orphan. */
export interface NewToken {
  readonly policies?: readonly string[];
  /** Such as `1h`. */
  readonly ttl?: string;
  readonly explicitMaxTtl?: string;
  readonly period?: string;
  /** Default true. */
  readonly renewable?: boolean;
  readonly displayName?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly uses?: number;
  readonly noDefaultPolicy?: boolean;
  /** Outlives the caller's; takes a policy with `auth/token/create-orphan`. */
  readonly orphan?: boolean;
  readonly type?: 'service' | 'batch';
}

/** Tokens. Every method throws what the transport throws; the codes named are those to expect. */
export interface Tokens {
  /** @throws {DrawbridgeError} `openbao_denied` for a token that is not valid, or lacks the policy `default` */
  lookupSelf(options?: CallOptions): Promise<TokenInfo>;
  /**
   * Prolongs the caller's token by as much as it may, or as is asked for.
   *
   * @throws {DrawbridgeError} `openbao_invalid_argument` for one that cannot be renewed, `openbao_login_refused` where the user whom it
   * was given to is no more
   */
  renewSelf(increment?: { readonly seconds: number }, options?: CallOptions): Promise<LoginToken>;
  /** Ends the caller's token, and its children. @throws {DrawbridgeError} `openbao_invalid_argument` for a batch token */
  revokeSelf(options?: CallOptions): Promise<void>;
  lookup(which: TokenRef, options?: CallOptions): Promise<TokenInfo>;
  renew(
    which: TokenRef,
    increment?: { readonly seconds: number },
    options?: CallOptions,
  ): Promise<LoginToken>;
  /** Ends a token, and its children. */
  revoke(which: TokenRef, options?: CallOptions): Promise<void>;
  create(token: NewToken, options?: CallOptions): Promise<LoginToken>;
}

/** A token, or what names it. */
export type TokenRef = { readonly token: Secret } | { readonly accessor: string };

/** The tokens of an OpenBao, over its transport. */
export function createTokens(transport: Transport): Tokens {
  const post = (path: string, body?: object, more: Partial<RequestShape> = {}, options?: CallOptions) =>
    transport.call(
      { method: 'POST', path: `/auth/token/${path}`, ...(body ? { body } : {}), ...more },
      options,
    );
  const by = (verb: string, which: TokenRef): { readonly path: string; readonly body: object } =>
    'token' in which
      ? { path: verb, body: { token: which.token.expose() } }
      : { path: `${verb}-accessor`, body: { accessor: which.accessor } };
  const incrementOf = (increment?: { readonly seconds: number }) =>
    increment ? { increment: increment.seconds } : {};
  const again = { repeatable: true };

  return {
    async lookupSelf(options) {
      return toInfo(await transport.call({ method: 'GET', path: '/auth/token/lookup-self' }, options));
    },
    async renewSelf(increment, options) {
      return readRenewal(await post('renew-self', incrementOf(increment), again, options));
    },
    async revokeSelf(options) {
      await post('revoke-self', undefined, {}, options);
    },
    async lookup(which, options) {
      const { path, body } = by('lookup', which);
      return toInfo(await post(path, body, again, options));
    },
    async renew(which, increment, options) {
      const { path, body } = by('renew', which);
      return readRenewal(await post(path, { ...body, ...incrementOf(increment) }, again, options));
    },
    async revoke(which, options) {
      const { path, body } = by('revoke', which);
      await post(path, body, {}, options);
    },
    async create(token, options) {
      const body = {
        ...(token.policies ? { policies: token.policies } : {}),
        ...(token.ttl === undefined ? {} : { ttl: token.ttl }),
        ...(token.explicitMaxTtl === undefined ? {} : { explicit_max_ttl: token.explicitMaxTtl }),
        ...(token.period === undefined ? {} : { period: token.period }),
        ...(token.renewable === undefined ? {} : { renewable: token.renewable }),
        ...(token.displayName === undefined ? {} : { display_name: token.displayName }),
        ...(token.metadata ? { meta: token.metadata } : {}),
        ...(token.uses === undefined ? {} : { num_uses: token.uses }),
        ...(token.noDefaultPolicy === undefined ? {} : { no_default_policy: token.noDefaultPolicy }),
        ...(token.type === undefined ? {} : { type: token.type }),
      };
      return readLogin(await post(token.orphan ? 'create-orphan' : 'create', body, {}, options));
    },
  };
}

/** A token whose user was deleted is renewed with 204: OpenBao says nothing, and does nothing. */
function readRenewal(answer: unknown): LoginToken {
  if (answer !== undefined) return readLogin(answer);
  throw new OpenbaoError('openbao_login_refused', {
    status: 204,
    message: 'OpenBao did not renew the token: whom it was given to is no more.',
  });
}

function toInfo(answer: unknown): TokenInfo {
  const body = readData<TokenBody>(answer, 'a token', {
    accessor: 'string',
    policies: 'strings',
    ttl: 'number',
    path: 'string',
  });
  return {
    accessor: body.accessor,
    policies: body.policies,
    displayName: body.display_name,
    metadata: body.meta ?? {},
    path: body.path,
    type: body.type,
    renewable: body.renewable ?? false,
    ttlSeconds: body.ttl,
    orphan: body.orphan,
    entityId: body.entity_id,
    ...(body.expire_time === null ? {} : { expires: new Date(body.expire_time) }),
  };
}
