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

/** A factor, and when it was proved. */
export interface VerifiedFactor {
  verifiedAt?: Timestamp;
}

/** A passkey or security key. */
export interface WebAuthNFactor extends VerifiedFactor {
  userVerified?: boolean;
}

/** Whose session it is; absent before a user was checked. */
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

/** What a list can be sorted by. */
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

/** Proofs to check while a session is made. */
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

/** Challenges to make for later checks. */
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

/** What CreateSession takes. */
export interface CreateSessionRequest {
  checks?: SessionChecks;
  metadata?: Record<string, Bytes>;
  challenges?: SessionChallenges;
  userAgent?: SessionUserAgent;
  /** More than nothing; absent: the session never expires. */
  lifetime?: Duration;
}

/** What CreateSession answers. */
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

/** What GetSession takes. */
export interface GetSessionRequest {
  sessionId: string;
  sessionToken?: string;
}

/** What GetSession answers. */
export interface GetSessionResponse {
  session?: Session;
}

/** What ListSessions takes. */
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

/** What DeleteSession takes. */
export interface DeleteSessionRequest {
  sessionId: string;
  sessionToken?: string;
}

/** What DeleteSession answers. */
export interface DeleteSessionResponse {
  details?: Details;
}
