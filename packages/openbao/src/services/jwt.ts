import type { Secret } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';
import type { JwtConfigBody, JwtRoleBody } from '../wire/index.ts';
import { type LoginToken, readLogin } from './login.ts';
import { keysOf, orUndefined, pathOf, readData, segment } from './reading.ts';
import { type TokenFields, tokenFieldsBody } from './token-fields.ts';

/** Where the keys come from that tokens are checked with. */
export type JwtKeys =
  /** The discovery document has to name exactly this URL as its issuer. */
  | { readonly from: 'discovery'; readonly url: string; readonly ca?: string }
  /** Any address, such as that of `drawbridge relay`. */
  | { readonly from: 'jwks'; readonly url: string; readonly ca?: string }
  /** PEM. They do not rotate. */
  | { readonly from: 'keys'; readonly keys: readonly string[] };

/** Configuration of a JWT method. It is written as a whole. */
export interface JwtConfig {
  readonly keys: JwtKeys;
  /** `iss` of every token, byte for byte. OpenBao checks it only where this is set, so here it is not optional. */
  readonly boundIssuer: string;
  /** For sign-ins that name no role. */
  readonly defaultRole?: string;
  /** Default: any of RS, ES and PS with 256 to 512, and EdDSA. */
  readonly algorithms?: readonly string[];
}

/** A role of a JWT method. It needs something to be bound to. */
export interface JwtRole extends TokenFields {
  /** `aud` has to hold one of them. OpenBao refuses every token with an `aud` where there are none. */
  readonly boundAudiences: readonly string[];
  readonly boundSubject?: string;
  /** By claim, or by JSON pointer where the name starts with a slash; each has to match. */
  readonly boundClaims?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  /** Whether `*` in bound claims stands for any text. Default `string`: it does not. */
  readonly boundClaimsType?: 'string' | 'glob';
  /** Claim that names who signs in. Default `sub`. */
  readonly userClaim?: string;
  readonly groupsClaim?: string;
  /** Claim → name in the token's metadata. */
  readonly claimMappings?: Readonly<Record<string, string>>;
  /** How late or early a token may come, in seconds; -1 for not at all. Never left to OpenBao, whose default is 60. */
  readonly clockSkewSeconds: number;
  /** How long a token without `exp` holds, in seconds; -1 for not at all. OpenBao's own default is 150. */
  readonly expirationLeewaySeconds: number;
  /** The same for a token without `nbf`. */
  readonly notBeforeLeewaySeconds: number;
}

/** One JWT method. Every method throws what the transport throws; the codes named are those to expect. */
export interface JwtMethod {
  readonly mount: string;
  /** Undefined where it was not configured yet. */
  readConfig(options?: CallOptions): Promise<JwtConfigBody | undefined>;
  /**
   * Replaces the whole configuration. OpenBao fetches the keys at once.
   *
   * @throws {DrawbridgeError} `openbao_keys_unreachable` where it cannot, `openbao_invalid_argument`
   */
  writeConfig(config: JwtConfig, options?: CallOptions): Promise<void>;
  readRole(name: string, options?: CallOptions): Promise<JwtRoleBody | undefined>;
  /** Makes a role, or replaces what is said here of one. @throws {DrawbridgeError} `openbao_invalid_argument` */
  writeRole(name: string, role: JwtRole, options?: CallOptions): Promise<void>;
  listRoles(options?: CallOptions): Promise<readonly string[]>;
  deleteRole(name: string, options?: CallOptions): Promise<void>;
  /**
   * Exchanges a JWT for a token of OpenBao. Without a role the method's default one is used.
   *
   * @throws {DrawbridgeError} `openbao_login_refused` with OpenBao's reason, `openbao_keys_unreachable` where OpenBao cannot get at
   * the issuer's keys
   */
  login(
    credential: { readonly jwt: Secret; readonly role?: string },
    options?: CallOptions,
  ): Promise<LoginToken>;
}

/** The JWT method at a mount, over the transport. */
export function createJwtMethod(transport: Transport, mount = 'jwt'): JwtMethod {
  const base = `/auth/${pathOf(mount)}`;
  const read = <T>(path: string, what: string, options?: CallOptions) =>
    orUndefined(transport.call({ method: 'GET', path }, options).then((answer) => readData<T>(answer, what)));
  return {
    mount,
    readConfig: (options) => read<JwtConfigBody>(`${base}/config`, 'a JWT configuration', options),
    async writeConfig(config, options) {
      const body = jwtConfigBody(config);
      await transport.call({ method: 'POST', path: `${base}/config`, body, repeatable: true }, options);
    },
    readRole: (name, options) => read<JwtRoleBody>(`${base}/role/${segment(name)}`, 'a role', options),
    async writeRole(name, role, options) {
      const path = `${base}/role/${segment(name)}`;
      await transport.call({ method: 'POST', path, body: jwtRoleBody(role), repeatable: true }, options);
    },
    listRoles: (options) =>
      keysOf(transport.call({ method: 'GET', path: `${base}/role?list=true` }, options)),
    async deleteRole(name, options) {
      await transport.call({ method: 'DELETE', path: `${base}/role/${segment(name)}` }, options);
    },
    async login({ jwt, role }, options) {
      const body = { ...(role === undefined ? {} : { role }), jwt: jwt.expose() };
      const path = `${base}/login`;
      const request = { method: 'POST', path, body, anonymous: true, isLogin: true } as const;
      return readLogin(await transport.call(request, options));
    },
  };
}

/** A configuration as OpenBao writes it, every key source said. */
export function jwtConfigBody({ keys, boundIssuer, defaultRole = '', algorithms = [] }: JwtConfig) {
  return {
    oidc_discovery_url: keys.from === 'discovery' ? keys.url : '',
    oidc_discovery_ca_pem: keys.from === 'discovery' ? (keys.ca ?? '') : '',
    jwks_url: keys.from === 'jwks' ? keys.url : '',
    jwks_ca_pem: keys.from === 'jwks' ? (keys.ca ?? '') : '',
    jwt_validation_pubkeys: keys.from === 'keys' ? keys.keys : [],
    bound_issuer: boundIssuer,
    default_role: defaultRole,
    jwt_supported_algs: algorithms,
  };
}

/** A role as OpenBao writes it. What a write would set back to its default is always said. */
export function jwtRoleBody(role: JwtRole) {
  return {
    // Left out, a write makes it a role for browsers.
    role_type: 'jwt',
    bound_audiences: role.boundAudiences,
    bound_subject: role.boundSubject ?? '',
    bound_claims: role.boundClaims ?? {},
    bound_claims_type: role.boundClaimsType ?? 'string',
    claim_mappings: role.claimMappings ?? {},
    user_claim: role.userClaim ?? 'sub',
    groups_claim: role.groupsClaim ?? '',
    clock_skew_leeway: role.clockSkewSeconds,
    expiration_leeway: role.expirationLeewaySeconds,
    not_before_leeway: role.notBeforeLeewaySeconds,
    ...tokenFieldsBody(role),
  };
}
