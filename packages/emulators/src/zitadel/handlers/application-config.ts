import { invalidArgument } from '../errors.ts';
import type { OidcConfig } from '../store/index.ts';
import { enumName, invalid, type Message } from '../wire/index.ts';
import type { Answer } from './call.ts';

/** Numbers of OIDCAuthMethodType. */
export const authMethods = { basic: 0, post: 1, none: 2, privateKeyJwt: 3 } as const;
export const apiAuthMethods = ['API_AUTH_METHOD_TYPE_BASIC', 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT'];
/** Numbers of OIDCGrantType. */
export const grantTypes = { code: 0, implicit: 1, refresh: 2, device: 3, tokenExchange: 4 } as const;
/** Numbers of OIDCResponseType. */
const responses = { code: 1, idToken: 2, idTokenToken: 3 } as const;

const authMethodNames = ['BASIC', 'POST', 'NONE', 'PRIVATE_KEY_JWT'].map(
  (name) => `OIDC_AUTH_METHOD_TYPE_${name}`,
);
const grantNames = ['AUTHORIZATION_CODE', 'IMPLICIT', 'REFRESH_TOKEN', 'DEVICE_CODE', 'TOKEN_EXCHANGE'].map(
  (name) => `OIDC_GRANT_TYPE_${name}`,
);
const responseNames = ['UNSPECIFIED', 'CODE', 'ID_TOKEN', 'ID_TOKEN_TOKEN'].map(
  (name) => `OIDC_RESPONSE_TYPE_${name}`,
);
const applicationTypes = ['WEB', 'USER_AGENT', 'NATIVE'].map((name) => `OIDC_APP_TYPE_${name}`);
const tokenTypes = ['BEARER', 'JWT'].map((name) => `OIDC_TOKEN_TYPE_${name}`);

/** Reads the settings of a new OIDC application. */
export function oidcConfigOf(input: Message): OidcConfig {
  const login = input.message('loginVersion');
  const config: OidcConfig = {
    redirectUris: input.strings('redirectUris').map((uri) => uri.trim()),
    // Unset means the code flow, on both sides.
    responseTypes: orDefault(input.enums('responseTypes', responseNames), [responses.code]),
    grantTypes: orDefault(input.enums('grantTypes', grantNames), [grantTypes.code]),
    applicationType: input.enum('applicationType', applicationTypes),
    authMethodType: input.enum('authMethodType', authMethodNames),
    postLogoutRedirectUris: input.strings('postLogoutRedirectUris').map((uri) => uri.trim()),
    devMode: input.bool('developmentMode'),
    accessTokenType: input.enum('accessTokenType', tokenTypes),
    accessTokenRoleAssertion: input.bool('accessTokenRoleAssertion'),
    idTokenRoleAssertion: input.bool('idTokenRoleAssertion'),
    idTokenUserinfoAssertion: input.bool('idTokenUserinfoAssertion'),
    clockSkewMs: input.duration('clockSkew') ?? 0,
    additionalOrigins: input.strings('additionalOrigins'),
    skipNativeAppSuccessPage: input.bool('skipNativeAppSuccessPage'),
    backChannelLogoutUri: input.string('backChannelLogoutUri', { max: 2048 }),
    loginVersion: login?.has('loginV2') ? 2 : login?.has('loginV1') ? 1 : 0,
    loginBaseUri: login?.message('loginV2')?.optionalString('baseUri') ?? '',
  };
  requireConsistent(config);
  return config;
}

/** Response types must fit the grants (internal/domain/application_oidc.go, `IsValid`). */
function requireConsistent(config: OidcConfig): void {
  const needed = new Set<number>(
    config.responseTypes.map((type) => (type === responses.code ? grantTypes.code : grantTypes.implicit)),
  );
  // A device app has response type code without the code grant.
  if (config.grantTypes.includes(grantTypes.device)) needed.delete(grantTypes.code);
  const consistent = [...needed].every((grant) => config.grantTypes.includes(grant));
  if (!consistent) throw invalidArgument('PROJECT-1n8df', 'Errors.Project.App.Invalid');
  if (config.clockSkewMs < 0 || config.clockSkewMs > 5_000) {
    throw invalid('clock_skew', 'value must be inside range [0s, 5s]');
  }
}

/**
 * The given settings that differ from the present ones. Lists count as given when they are not empty, and unset response and grant
 * types mean the code flow here too.
 */
export function oidcChanges(present: OidcConfig, input: Message): Partial<OidcConfig> {
  const login = input.message('loginVersion');
  const wanted: { [K in keyof OidcConfig]: OidcConfig[K] | undefined } = {
    redirectUris: given(input.strings('redirectUris')),
    responseTypes: orDefault(input.enums('responseTypes', responseNames), [responses.code]),
    grantTypes: orDefault(input.enums('grantTypes', grantNames), [grantTypes.code]),
    applicationType: input.optionalEnum('applicationType', applicationTypes),
    authMethodType: input.optionalEnum('authMethodType', authMethodNames),
    postLogoutRedirectUris: given(input.strings('postLogoutRedirectUris')),
    devMode: input.optionalBool('developmentMode'),
    accessTokenType: input.optionalEnum('accessTokenType', tokenTypes),
    accessTokenRoleAssertion: input.optionalBool('accessTokenRoleAssertion'),
    idTokenRoleAssertion: input.optionalBool('idTokenRoleAssertion'),
    idTokenUserinfoAssertion: input.optionalBool('idTokenUserinfoAssertion'),
    clockSkewMs: input.duration('clockSkew'),
    additionalOrigins: given(input.strings('additionalOrigins')),
    skipNativeAppSuccessPage: input.optionalBool('skipNativeAppSuccessPage'),
    backChannelLogoutUri: input.optionalString('backChannelLogoutUri', { max: 2048 }),
    loginVersion: login && (login.has('loginV2') ? 2 : 1),
    loginBaseUri: login?.message('loginV2')?.optionalString('baseUri'),
  };
  const changes = Object.fromEntries(
    Object.entries(wanted).filter(
      ([key, value]) =>
        value !== undefined && JSON.stringify(value) !== JSON.stringify(present[key as keyof OidcConfig]),
    ),
  ) as Partial<OidcConfig>;
  requireConsistent({ ...present, ...changes });
  return changes;
}

/** What a strict reading of the specifications would object to; such applications are made all the same. */
export function complianceProblems(config: OidcConfig): readonly Answer[] {
  const problems: string[] = [];
  const needsRedirect = config.grantTypes.some(
    (grant) => grant === grantTypes.code || grant === grantTypes.implicit,
  );
  if (needsRedirect && config.redirectUris.length === 0) problems.push('NoRedirectUris');
  const isNative = config.applicationType === 2;
  if (isNative && config.authMethodType !== authMethods.none) {
    problems.push('Native.AuthMethodType.NotNone');
  }
  const plainHttp = (uri: string) =>
    uri.startsWith('http://') && !/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])/.test(uri);
  // A web application may have plain http.
  if (!config.devMode && config.applicationType !== 0 && config.redirectUris.some(plainHttp)) {
    problems.push('Code.RedirectUris.HttpOnlyForWeb');
  }
  if (problems.length > 0) problems.unshift('NotCompliant');
  return problems.map((name) => ({ key: `Application.OIDC.V1.${name}` }));
}

/** The settings of an OIDC application as the API shows them. */
export function oidcMessage(clientId: string, config: OidcConfig): Answer {
  const problems = complianceProblems(config);
  return {
    redirectUris: config.redirectUris,
    responseTypes: config.responseTypes.map((type) => responseNames[type]),
    grantTypes: config.grantTypes.map((grant) => grantNames[grant]),
    applicationType: enumName(applicationTypes, config.applicationType),
    clientId,
    authMethodType: enumName(authMethodNames, config.authMethodType),
    postLogoutRedirectUris: config.postLogoutRedirectUris,
    nonCompliant: problems.length > 0,
    complianceProblems: problems,
    developmentMode: config.devMode,
    accessTokenType: enumName(tokenTypes, config.accessTokenType),
    accessTokenRoleAssertion: config.accessTokenRoleAssertion,
    idTokenRoleAssertion: config.idTokenRoleAssertion,
    idTokenUserinfoAssertion: config.idTokenUserinfoAssertion,
    clockSkew: `${config.clockSkewMs / 1_000}s`,
    additionalOrigins: config.additionalOrigins,
    allowedOrigins: allowedOrigins(config),
    skipNativeAppSuccessPage: config.skipNativeAppSuccessPage,
    backChannelLogoutUri: config.backChannelLogoutUri,
    loginVersion:
      config.loginVersion === 0
        ? undefined
        : config.loginVersion === 1
          ? { loginV1: {} }
          : { loginV2: { baseUri: config.loginBaseUri } },
  };
}

/** Origins that tokens of the application may come from: its redirect addresses', and those added. */
function allowedOrigins(config: OidcConfig): readonly string[] {
  const origins = config.redirectUris.filter((uri) => /^https?:/.test(uri) && URL.canParse(uri));
  return [...new Set([...origins.map((uri) => new URL(uri).origin), ...config.additionalOrigins])];
}

function given<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function orDefault<T>(list: readonly T[], fallback: readonly T[]): readonly T[] {
  return list.length > 0 ? list : fallback;
}
