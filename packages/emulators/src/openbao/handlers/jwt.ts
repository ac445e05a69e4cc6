import { boundClaimsComplaint, claimAt, JwtChecker, JwtRefusal } from '../access/index.ts';
import { ApiError, badRequest, nothingThere } from '../errors.ts';
import type { JwtConfigRow, JwtRoleRow, MountState } from '../store/index.ts';
import {
  type Call,
  type Fields,
  flag,
  idAt,
  keysReply,
  object,
  type Reply,
  type Route,
  seconds,
  text,
  texts,
} from './call.ts';
import { issueForLogin } from './issue.ts';
import { plainTokenParams, readTokenParams } from './token-params.ts';

/** The paths of a JWT method (builtin/credential/jwt/backend.go). */
export const jwtRoutes: readonly Route[] = [
  { path: 'config', handlers: { read: readConfig, write: writeConfig } },
  { path: 'role', handlers: { list: (call) => keysReply(mountOf(call).roles.keys()) } },
  {
    path: 'role/*',
    handlers: { read: readRole, write: writeRole, delete: deleteRole },
    exists: (call) => mountOf(call).roles.has(nameOf(call)),
  },
  { path: 'login', handlers: { write: login }, isOpen: true },
];

function mountOf({ mount }: Call): MountState {
  if (!mount) throw new ApiError(500, ['no mount']);
  return mount;
}

/** Names of roles are the same in any case. */
function nameOf(call: Call): string {
  return idAt(call).toLowerCase();
}

async function readConfig(call: Call): Promise<Reply> {
  const config = mountOf(call).jwtConfig;
  if (!config) throw nothingThere();
  let status = 'valid';
  const warnings: string[] = [];
  try {
    await checkerOf(call, config);
  } catch {
    // Reading the configuration fetches the keys, and tells where it cannot.
    status = 'invalid';
    warnings.push('error building the validator from this configuration');
  }
  return {
    data: {
      ...config,
      namespace_in_state: true,
      oidc_client_id: '',
      oidc_response_mode: '',
      oidc_response_types: [],
      override_allowed_server_names: [],
      provider_config: {},
      status,
    },
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}

/** Replaces the whole configuration, and fetches the keys at once (builtin/credential/jwt/path_config.go). */
async function writeConfig(call: Call): Promise<undefined> {
  const { body, kernel, namespace } = call;
  const config: JwtConfigRow = {
    oidc_discovery_url: text(body, 'oidc_discovery_url'),
    oidc_discovery_ca_pem: text(body, 'oidc_discovery_ca_pem'),
    jwks_url: text(body, 'jwks_url'),
    jwks_ca_pem: text(body, 'jwks_ca_pem'),
    jwt_validation_pubkeys: texts(body, 'jwt_validation_pubkeys') ?? [],
    bound_issuer: text(body, 'bound_issuer'),
    default_role: text(body, 'default_role').toLowerCase(),
    jwt_supported_algs: texts(body, 'jwt_supported_algs') ?? [],
  };
  const sources = [config.oidc_discovery_url, config.jwks_url, config.jwt_validation_pubkeys.join('')];
  if (sources.filter((one) => one !== '').length !== 1)
    throw badRequest(
      "exactly one of 'jwt_validation_pubkeys', 'jwks_url', 'jwks_pairs', 'oidc_discovery_url', or 'provider_config' must be set",
    );
  if (config.oidc_discovery_url.includes('.well-known/openid-configuration'))
    throw badRequest("'oidc_discovery_url' contains '.well-known' component");
  const checker = new JwtChecker(config, kernel.outside.fetch);
  if (config.jwt_validation_pubkeys.length === 0) {
    await checker.load().catch(() => {
      throw badRequest(config.jwks_url ? 'error checking jwks URL' : 'error checking oidc discovery URL');
    });
  }
  const target = `auth/${mountOf(call).row.path}`;
  kernel.runtime.checkers.set(`${namespace.path} ${target}`, checker);
  kernel.push({ type: 'jwt.config', namespace: namespace.path, target, payload: { config } });
  return undefined;
}

async function checkerOf(call: Call, config: JwtConfigRow): Promise<JwtChecker> {
  const { kernel, namespace } = call;
  const key = `${namespace.path} auth/${mountOf(call).row.path}`;
  const known = kernel.runtime.checkers.get(key);
  if (known) return known;
  const checker = new JwtChecker(config, kernel.outside.fetch);
  if (config.jwt_validation_pubkeys.length === 0) await checker.load();
  kernel.runtime.checkers.set(key, checker);
  return checker;
}

function readRole(call: Call): Reply {
  const role = mountOf(call).roles.get(nameOf(call));
  if (!role) throw nothingThere();
  const orNull = (value: object) => (Object.keys(value).length > 0 ? value : null);
  return {
    data: {
      ...role,
      bound_audiences: orNull(role.bound_audiences),
      bound_claims: orNull(role.bound_claims),
      claim_mappings: orNull(role.claim_mappings),
      allowed_redirect_uris: null,
      callback_mode: 'client',
      max_age: 0,
      oauth2_metadata: null,
      oidc_disable_confirmation: false,
      oidc_scopes: null,
      token_policies_template_claims: false,
      verbose_oidc_logging: false,
    },
  };
}

/** Merges into what there is, but for the kind of role and of bound claims, which fall back (builtin/credential/jwt/path_role.go). */
function writeRole(call: Call): undefined {
  const { body, kernel, namespace } = call;
  const mount = mountOf(call);
  const name = nameOf(call);
  const present = mount.roles.get(name);
  const role: JwtRoleRow = {
    ...readTokenParams(body, present ?? plainTokenParams),
    ...readBounds(body, present),
    role_type: text(body, 'role_type') || 'oidc',
    claim_mappings: mappingsOf(body) ?? present?.claim_mappings ?? {},
    user_claim: text(body, 'user_claim') || (present?.user_claim ?? ''),
    user_claim_json_pointer: flag(body, 'user_claim_json_pointer', present?.user_claim_json_pointer),
    groups_claim:
      body.groups_claim === undefined ? (present?.groups_claim ?? '') : text(body, 'groups_claim'),
    clock_skew_leeway: seconds(body, 'clock_skew_leeway') ?? present?.clock_skew_leeway ?? 0,
    expiration_leeway: seconds(body, 'expiration_leeway') ?? present?.expiration_leeway ?? 0,
    not_before_leeway: seconds(body, 'not_before_leeway') ?? present?.not_before_leeway ?? 0,
  };
  checkRole(role);
  const target = `auth/${mount.row.path}`;
  kernel.push({ type: 'jwt.role.write', namespace: namespace.path, target, payload: { name, role } });
  return undefined;
}

function readBounds(body: Fields, present: JwtRoleRow | undefined) {
  return {
    bound_audiences: texts(body, 'bound_audiences') ?? present?.bound_audiences ?? [],
    bound_subject:
      body.bound_subject === undefined ? (present?.bound_subject ?? '') : text(body, 'bound_subject'),
    bound_claims: object(body, 'bound_claims') ?? present?.bound_claims ?? {},
    bound_claims_type: text(body, 'bound_claims_type') || 'string',
  };
}

function mappingsOf(body: Fields): Readonly<Record<string, string>> | undefined {
  const given = object(body, 'claim_mappings');
  return given && Object.fromEntries(Object.entries(given).map(([claim, name]) => [claim, String(name)]));
}

function checkRole(role: JwtRoleRow): void {
  if (role.role_type === 'oidc')
    throw badRequest("'allowed_redirect_uris' must be set if 'role_type' is 'oidc' or unspecified.");
  if (role.role_type !== 'jwt') throw badRequest(`invalid 'role_type': ${role.role_type}`);
  if (role.user_claim === '') throw badRequest('a user claim must be defined on the role');
  if (role.bound_claims_type !== 'string' && role.bound_claims_type !== 'glob')
    throw badRequest(`invalid 'bound_claims_type': ${role.bound_claims_type}`);
  const bounds = [
    role.bound_audiences,
    role.token_bound_cidrs,
    role.bound_subject,
    Object.keys(role.bound_claims),
  ];
  if (bounds.every(({ length }) => length === 0))
    throw badRequest('must have at least one bound constraint when creating/updating a role');
}

function deleteRole(call: Call): undefined {
  const { kernel, namespace } = call;
  const target = `auth/${mountOf(call).row.path}`;
  const name = nameOf(call);
  if (mountOf(call).roles.has(name))
    kernel.push({ type: 'jwt.role.delete', namespace: namespace.path, target, payload: { name } });
  return undefined;
}

/** Exchanges a JWT for a token, and refuses with 400 (builtin/credential/jwt/path_login.go). */
async function login(call: Call): Promise<Reply> {
  const { body, kernel, namespace } = call;
  const mount = mountOf(call);
  const { jwtConfig: config } = mount;
  if (!config) throw badRequest('could not load configuration');
  const name = (text(body, 'role') || config.default_role).toLowerCase();
  if (name === '') throw badRequest('missing role');
  const role = mount.roles.get(name);
  if (!role) throw badRequest(`role ${JSON.stringify(name)} could not be found`);
  const jwt = text(body, 'jwt');
  if (jwt === '') throw badRequest('missing token');
  const checker = await checkerOf(call, config).catch(() => {
    throw badRequest('error configuring token validator: error checking the keys');
  });
  const claims = await checker.check(jwt, role, kernel.now()).catch((error: unknown) => {
    throw error instanceof JwtRefusal ? badRequest(`error validating token: ${error.message}`) : error;
  });
  const userName = role.user_claim_json_pointer ? claimAt(claims, role.user_claim) : claims[role.user_claim];
  if (userName === undefined) throw badRequest(`claim ${JSON.stringify(role.user_claim)} not found in token`);
  if (typeof userName !== 'string')
    throw badRequest(`claim ${JSON.stringify(role.user_claim)} could not be converted to string`);
  if (role.groups_claim !== '') checkGroups(claimAt(claims, role.groups_claim), role.groups_claim);
  const complaint = boundClaimsComplaint(claims, role.bound_claims, role.bound_claims_type === 'glob');
  if (complaint !== undefined) throw badRequest(`error validating claims: ${complaint}`);
  const mapped = Object.entries(role.claim_mappings).flatMap(([claim, key]) => {
    const value = claimAt(claims, claim);
    return typeof value === 'string' ? [[key, value] as const] : [];
  });
  const at = {
    namespace: namespace.path,
    mount,
    path: `auth/${mount.row.path}/login`,
    origin: `role ${name}`,
  };
  const issued = issueForLogin(kernel, at, role, {
    displayName: `${mount.row.path.replaceAll('/', '-')}-${userName}`,
    meta: { role: name, ...Object.fromEntries(mapped) },
  });
  return { auth: issued.auth, ...(issued.warnings.length > 0 ? { warnings: issued.warnings } : {}) };
}

/** Zitadel's claim of roles is an object, and so is refused here. */
function checkGroups(value: unknown, claim: string): void {
  if (value === undefined) throw badRequest(`${JSON.stringify(claim)} claim not found in token`);
  const isList = Array.isArray(value) && value.every((one) => typeof one === 'string');
  if (typeof value !== 'string' && !isList)
    throw badRequest(`${JSON.stringify(claim)} claim could not be converted to string list`);
}
