/** Groups of fields that several events share. */

export interface HumanFields {
  readonly userName: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly nickName?: string;
  readonly displayName: string;
  readonly preferredLanguage?: string;
  readonly gender?: number;
  readonly email: string;
  readonly phone?: string;
  /** Hash of the password in modular crypt form; webhooks really carry it. */
  readonly encodedHash?: string;
  readonly changeRequired?: boolean;
}

export interface MemberFields {
  readonly userId: string;
  readonly roles: readonly string[];
}

export interface MetadataFields {
  readonly key: string;
  /** Base64. */
  readonly value: string;
}

export interface ProjectFields {
  readonly name: string;
  readonly projectRoleAssertion?: boolean;
  readonly projectRoleCheck?: boolean;
  readonly hasProjectCheck?: boolean;
  readonly privateLabelingSetting?: number;
}

/** Enums are their numbers in proto/zitadel/application/v2/oidc.proto. */
export interface OidcConfig {
  readonly redirectUris: readonly string[];
  readonly responseTypes: readonly number[];
  readonly grantTypes: readonly number[];
  readonly applicationType: number;
  readonly authMethodType: number;
  readonly postLogoutRedirectUris: readonly string[];
  readonly devMode: boolean;
  readonly accessTokenType: number;
  readonly accessTokenRoleAssertion: boolean;
  readonly idTokenRoleAssertion: boolean;
  readonly idTokenUserinfoAssertion: boolean;
  readonly clockSkewMs: number;
  readonly additionalOrigins: readonly string[];
  readonly skipNativeAppSuccessPage: boolean;
  readonly backChannelLogoutUri: string;
  /** 0 unset, 1 login v1, 2 login v2. */
  readonly loginVersion: number;
  readonly loginBaseUri: string;
}

export interface ApiConfig {
  readonly authMethodType: number;
}

/** A secret as events hold it: sealed by the instance (internal/crypto/crypto.go, `CryptoValue`). */
export interface EncryptedValue {
  readonly CryptoType: number;
  readonly Algorithm: string;
  readonly KeyID: string;
  readonly Crypted: string;
}

/** An address that actions call (internal/repository/target/target.go). */
export interface TargetFields {
  readonly name: string;
  /** 0 webhook, 1 call, 2 async. */
  readonly targetType: number;
  readonly endpoint: string;
  /** Nanoseconds, as Go writes durations. */
  readonly timeout: number;
  readonly interruptOnError: boolean;
  /** Number of PayloadType: 1 JSON, 2 JWT, 3 JWE. */
  readonly payloadType: number;
}

/** How long tokens live, in nanoseconds (internal/repository/instance/oidc_settings.go). */
export interface OidcLifetimes {
  readonly accessTokenLifetime: number;
  readonly idTokenLifetime: number;
  readonly refreshTokenIdleExpiration: number;
  readonly refreshTokenExpiration: number;
}

/** What a set of tokens was issued for. */
export interface TokenFields {
  readonly userID: string;
  readonly userResourceOwner: string;
  /** Login session; absent for machines. */
  readonly sessionID?: string;
  readonly clientID: string;
  readonly audience: readonly string[];
  readonly scope: readonly string[];
  readonly amr: readonly string[];
  /** Milliseconds since the epoch. */
  readonly authTime: number;
  readonly nonce?: string;
}
