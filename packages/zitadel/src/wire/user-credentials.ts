import type {
  Bytes,
  Details,
  Empty,
  IdFilter,
  PaginationRequest,
  PaginationResponse,
  Timestamp,
  TimestampFilter,
} from './common.ts';
import type { SendEmailVerificationCode } from './user.ts';

/** A key of a machine user. Its private half is never readable again. */
export interface Key {
  creationDate?: Timestamp;
  changeDate?: Timestamp;
  id?: string;
  userId?: string;
  organizationId?: string;
  expirationDate?: Timestamp;
}

/** What a list can be sorted by. */
export type KeyFieldName =
  | 'KEY_FIELD_NAME_UNSPECIFIED'
  | 'KEY_FIELD_NAME_CREATED_DATE'
  | 'KEY_FIELD_NAME_ID'
  | 'KEY_FIELD_NAME_USER_ID'
  | 'KEY_FIELD_NAME_ORGANIZATION_ID'
  | 'KEY_FIELD_NAME_KEY_EXPIRATION_DATE';

/** Exactly one field is set. */
export interface KeysSearchFilter {
  keyIdFilter?: IdFilter;
  userIdFilter?: IdFilter;
  organizationIdFilter?: IdFilter;
  createdDateFilter?: TimestampFilter;
  expirationDateFilter?: TimestampFilter;
}

/** What AddKey takes. */
export interface AddKeyRequest {
  userId: string;
  expirationDate: Timestamp;
  /** PEM. Without it Zitadel makes the pair and returns the private half once. */
  publicKey?: Bytes;
}

/** What AddKey answers. */
export interface AddKeyResponse {
  creationDate?: Timestamp;
  keyId?: string;
  /** The key file as JSON; empty where a public key was given. */
  keyContent?: Bytes;
}

/** What RemoveKey takes. */
export interface RemoveKeyRequest {
  userId: string;
  keyId: string;
}

/** What ListKeys takes. */
export interface ListKeysRequest {
  pagination?: PaginationRequest;
  sortingColumn?: KeyFieldName;
  filters?: readonly KeysSearchFilter[];
}

/** What ListKeys answers. */
export interface ListKeysResponse {
  pagination?: PaginationResponse;
  result?: readonly Key[];
}

/** The client id that belongs to the secret is the user's login name, which is not in this answer. */
export interface AddSecretResponse {
  creationDate?: Timestamp;
  clientSecret?: string;
}

/** What AddPersonalAccessToken takes. */
export interface AddPersonalAccessTokenRequest {
  userId: string;
  expirationDate: Timestamp;
}

/** What AddPersonalAccessToken answers. */
export interface AddPersonalAccessTokenResponse {
  creationDate?: Timestamp;
  tokenId?: string;
  token?: string;
}

/** Request of SendEmailCode and ResendEmailCode. */
export interface EmailCodeRequest {
  userId: string;
  sendCode?: SendEmailVerificationCode;
  returnCode?: Empty;
}

/** What SendEmailCode and ResendEmailCode answer. */
export interface EmailCodeResponse {
  details?: Details;
  verificationCode?: string;
}

/** What CreateInviteCode takes. */
export interface CreateInviteCodeRequest {
  userId: string;
  sendCode?: { urlTemplate?: string; applicationName?: string };
  returnCode?: Empty;
}

/** What CreateInviteCode answers. */
export interface CreateInviteCodeResponse {
  details?: Details;
  inviteCode?: string;
}

/** What RemovePersonalAccessToken takes. */
export interface RemovePersonalAccessTokenRequest {
  userId: string;
  tokenId: string;
}

/** A personal access token as it is listed: never the token itself. */
export type ListedPersonalAccessToken = Key;

/** What ListPersonalAccessTokens takes. */
export interface ListPersonalAccessTokensRequest {
  pagination?: PaginationRequest;
  sortingColumn?:
    | 'PERSONAL_ACCESS_TOKEN_FIELD_NAME_UNSPECIFIED'
    | 'PERSONAL_ACCESS_TOKEN_FIELD_NAME_CREATED_DATE'
    | 'PERSONAL_ACCESS_TOKEN_FIELD_NAME_ID';
  /** Exactly one field is set in each. */
  filters?: readonly {
    tokenIdFilter?: IdFilter;
    userIdFilter?: IdFilter;
    organizationIdFilter?: IdFilter;
    createdDateFilter?: TimestampFilter;
    expirationDateFilter?: TimestampFilter;
  }[];
}

/** What ListPersonalAccessTokens answers. */
export interface ListPersonalAccessTokensResponse {
  pagination?: PaginationResponse;
  result?: readonly ListedPersonalAccessToken[];
}

/** What VerifyEmail, VerifyPhone and VerifyInviteCode take. */
export interface VerifyCodeRequest {
  userId: string;
  verificationCode: string;
}

/** Request of ResendPhoneCode. */
export interface PhoneCodeRequest {
  userId: string;
  sendCode?: Empty;
  returnCode?: Empty;
}
