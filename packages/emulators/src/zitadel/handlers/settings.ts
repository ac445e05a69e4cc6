import { timestamp, uint64 } from '../wire/index.ts';
import type { Answer, Call, Handler } from './call.ts';
import { listDetails } from './lists.ts';

/** Settings of a new instance, which the emulator does not let anyone change (cmd/defaults.yaml, `DefaultInstance`). */
const never = 'RESOURCE_OWNER_TYPE_INSTANCE';

/** GetGeneralSettings: for everyone who is signed in (internal/api/grpc/settings/v2/settings.go). */
export const getGeneralSettings: Handler = (call) => ({
  defaultOrgId: call.fresh.instance.defaultOrganizationId,
  defaultLanguage: 'en',
  supportedLanguages: ['de', 'en'],
  allowedLanguages: ['de', 'en'],
});

export const getLoginSettings: Handler = (call) =>
  settingsAnswer(call, {
    allowUsernamePassword: true,
    allowRegister: true,
    allowExternalIdp: true,
    passkeysType: 'PASSKEYS_TYPE_ALLOWED',
    passwordCheckLifetime: '864000s',
    externalLoginCheckLifetime: '864000s',
    mfaInitSkipLifetime: '2592000s',
    secondFactorCheckLifetime: '64800s',
    multiFactorCheckLifetime: '43200s',
    secondFactors: ['SECOND_FACTOR_TYPE_OTP', 'SECOND_FACTOR_TYPE_U2F'],
    multiFactors: ['MULTI_FACTOR_TYPE_U2F_WITH_VERIFICATION'],
    allowDomainDiscovery: true,
    resourceOwnerType: never,
  });

export const getPasswordComplexitySettings: Handler = (call) =>
  settingsAnswer(call, {
    minLength: '8',
    requiresUppercase: true,
    requiresLowercase: true,
    requiresNumber: true,
    requiresSymbol: true,
    resourceOwnerType: never,
  });

export const getPasswordExpirySettings: Handler = (call) =>
  settingsAnswer(call, { resourceOwnerType: never });

/** Attempts are not limited by default. */
export const getLockoutSettings: Handler = (call) => settingsAnswer(call, { resourceOwnerType: never });

export const getDomainSettings: Handler = (call) => settingsAnswer(call, { resourceOwnerType: never });

export const getActiveIdentityProviders: Handler = (call) => ({
  details: listDetails(call.lagging, call.lagging.idps.size),
  identityProviders: [...call.lagging.idps.values()].map(({ id, name }) => ({
    id,
    name,
    type: 'IDENTITY_PROVIDER_TYPE_OIDC',
    options: { isLinkingAllowed: true, isCreationAllowed: true },
  })),
});

function settingsAnswer(call: Call, settings: Answer): Answer {
  const { id, createdAt } = call.fresh.instance;
  return {
    details: { sequence: uint64(1), changeDate: timestamp(createdAt), resourceOwner: id },
    settings,
  };
}
