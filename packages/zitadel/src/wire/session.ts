import type {
  Bytes,
  Details,
  Duration,
  Empty,
  ListDetails,
  ListQuery,
  Timestamp,
  TimestampQueryMethod,
  Uint64,
} from './common.ts';

/** @see proto/zitadel/session/v2/session.proto */
export interface Session {
  id?: string;
  creationDate?: Timestamp;
  changeDate?: Timestamp;
  sequence?: Uint64;
  factors?: SessionFactors;
  metadata?: Record<string, Bytes>;
  userAgent?: SessionUserAgent;
  /** Absent: the session never expires. Expired sessions stay listed. */
  expirationDate?: Timestamp;
}

/** When each factor was last proved. */
export interface SessionFactors {
  user?: UserFactor;
  password?: VerifiedFactor;
  webAuthN?: WebAuthNFactor;
  intent?: VerifiedFactor;
  totp?: VerifiedFactor;
  otpSms?: VerifiedFactor;
  otpEmail?: VerifiedFactor;
  recoveryCode?: VerifiedFactor;
}

export interface VerifiedFactor {
  verifiedAt?: Timestamp;
}

export interface WebAuthNFactor extends VerifiedFactor {
  userVerified?: boolean;
}

export interface UserFactor extends VerifiedFactor {
  id?: string;
  loginName?: string;
  displayName?: string;
  organizationId?: string;
}

/** Where the session was made, as far as the login recorded it. */
export interface SessionUserAgent {
  fingerprintId?: string;
  ip?: string;
  description?: string;
  header?: Record<string, { values?: readonly string[] }>;
}

export type SessionFieldName = 'SESSION_FIELD_NAME_UNSPECIFIED' | 'SESSION_FIELD_NAME_CREATION_DATE';

/** Exactly one field is set. An empty `creatorQuery` or `userAgentQuery` means the caller's own. */
export interface SessionSearchQuery {
  idsQuery?: { ids?: readonly string[] };
  userIdQuery?: { id?: string };
  creationDateQuery?: { creationDate?: Timestamp; method?: TimestampQueryMethod };
  creatorQuery?: { id?: string };
  userAgentQuery?: { fingerprintId?: string };
  expirationDateQuery?: { expirationDate?: Timestamp; method?: TimestampQueryMethod };
}

export interface SessionChecks {
  user?: { userId?: string; loginName?: string };
  password?: { password: string };
  webAuthN?: { credentialAssertionData?: Record<string, unknown> };
  idpIntent?: { idpIntentId?: string; idpIntentToken?: string };
  totp?: { code?: string };
  otpSms?: { code?: string };
  otpEmail?: { code?: string };
  recoveryCode?: { code?: string };
}

export interface SessionChallenges {
  webAuthN?: {
    domain?: string;
    userVerificationRequirement?:
      | 'USER_VERIFICATION_REQUIREMENT_UNSPECIFIED'
      | 'USER_VERIFICATION_REQUIREMENT_REQUIRED'
      | 'USER_VERIFICATION_REQUIREMENT_PREFERRED'
      | 'USER_VERIFICATION_REQUIREMENT_DISCOURAGED';
  };
  otpSms?: { returnCode?: boolean };
  otpEmail?: { sendCode?: { urlTemplate?: string }; returnCode?: Empty };
}

export interface CreateSessionRequest {
  checks?: SessionChecks;
  metadata?: Record<string, Bytes>;
  challenges?: SessionChallenges;
  userAgent?: SessionUserAgent;
  /** More than nothing; absent: the session never expires. */
  lifetime?: Duration;
}

export interface CreateSessionResponse {
  details?: Details;
  sessionId?: string;
  sessionToken?: string;
  challenges?: {
    webAuthN?: { publicKeyCredentialRequestOptions?: Record<string, unknown> };
    otpSms?: string;
    otpEmail?: string;
  };
}

export interface GetSessionRequest {
  sessionId: string;
  sessionToken?: string;
}

export interface GetSessionResponse {
  session?: Session;
}

export interface ListSessionsRequest {
  query?: ListQuery;
  queries?: readonly SessionSearchQuery[];
  sortingColumn?: SessionFieldName;
}

/** Filtered by permission after paging: a short page is not the last one. */
export interface ListSessionsResponse {
  details?: ListDetails;
  sessions?: readonly Session[];
}

export interface DeleteSessionRequest {
  sessionId: string;
  sessionToken?: string;
}

export interface DeleteSessionResponse {
  details?: Details;
}
