import type { JsonObject } from '../wire/index.ts';

/** Paths of the OIDC endpoints (internal/api/oidc/op.go). */
export const oidcPaths = {
  discovery: '/.well-known/openid-configuration',
  authorize: '/oauth/v2/authorize',
  token: '/oauth/v2/token',
  introspect: '/oauth/v2/introspect',
  revoke: '/oauth/v2/revoke',
  keys: '/oauth/v2/keys',
  deviceAuthorization: '/oauth/v2/device_authorization',
  userinfo: '/oidc/v1/userinfo',
  endSession: '/oidc/v1/end_session',
} as const;

/** Grants by the names that requests use. */
export const grants = {
  code: 'authorization_code',
  implicit: 'implicit',
  refresh: 'refresh_token',
  clientCredentials: 'client_credentials',
  jwtProfile: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  device: 'urn:ietf:params:oauth:grant-type:device_code',
} as const;

/** The discovery document of an issuer (internal/api/oidc/server.go, `createDiscoveryConfig`). */
export function discoveryDocument(issuer: string): JsonObject {
  const authMethods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'];
  return {
    issuer,
    authorization_endpoint: issuer + oidcPaths.authorize,
    token_endpoint: issuer + oidcPaths.token,
    introspection_endpoint: issuer + oidcPaths.introspect,
    userinfo_endpoint: issuer + oidcPaths.userinfo,
    revocation_endpoint: issuer + oidcPaths.revoke,
    end_session_endpoint: issuer + oidcPaths.endSession,
    device_authorization_endpoint: issuer + oidcPaths.deviceAuthorization,
    jwks_uri: issuer + oidcPaths.keys,
    scopes_supported: ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'],
    response_types_supported: ['code', 'id_token', 'id_token token'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    grant_types_supported: Object.values(grants),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['EdDSA', 'RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'],
    request_object_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: authMethods,
    token_endpoint_auth_signing_alg_values_supported: ['RS256'],
    revocation_endpoint_auth_methods_supported: authMethods,
    revocation_endpoint_auth_signing_alg_values_supported: ['RS256'],
    introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
    introspection_endpoint_auth_signing_alg_values_supported: ['RS256'],
    claims_supported:
      `sub aud exp iat iss auth_time nonce acr amr c_hash at_hash act scopes client_id azp preferred_username name
       family_name given_name locale email email_verified phone_number phone_number_verified`.split(/\s+/),
    code_challenge_methods_supported: ['S256'],
    ui_locales_supported: 'ar bg cs de en es fr hu id it ja ko mk nl pl pt ro ru sv tr uk zh'.split(' '),
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  };
}
