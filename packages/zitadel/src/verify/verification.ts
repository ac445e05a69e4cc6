import type { Priority, Secret } from '@drawbridge/kit';

/** Roles as Zitadel asserts them: role key → organization id → its primary domain. */
export type RoleClaims = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What a verified token says. Times are milliseconds since the epoch. */
export interface TokenClaims {
  /** The user id. */
  readonly subject: string;
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly expiresAt: number;
  readonly issuedAt: number;
  /** Whose application got the token; a machine's own login name where a machine did. */
  readonly clientId?: string;
  /** Zitadel's id of the token. */
  readonly tokenId?: string;
  /** The OpenID session the token belongs to: the part of its id before `-at_`. */
  readonly session?: string;
  readonly username?: string;
  readonly name?: string;
  readonly email?: string;
  /** Only what Zitadel states as true. */
  readonly emailVerified: boolean;
  /** Where the user is at home, if the scope asked for it. */
  readonly organizationId?: string;
  readonly scopes: readonly string[];
  /** How the user signed in, as RFC 8176 names it. */
  readonly methods: readonly string[];
  /** Roles in the project that the verifying application belongs to. */
  readonly roles: RoleClaims;
  /** Everything else that stood there. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Why a token is not accepted. Only for logs and metrics: callers learn no more than "no". */
export type InactiveReason =
  | 'malformed'
  | 'too_large'
  | 'algorithm'
  | 'unknown_key'
  | 'signature'
  | 'issuer'
  | 'audience'
  | 'expired'
  | 'not_yet_valid'
  | 'not_an_access_token'
  | 'revoked'
  | 'inactive';

/** The answer about one token. */
export type Verification =
  | {
      readonly active: true;
      readonly subject: string;
      /** Those of the verifier's audiences that the token is for, by their names on our side. */
      readonly audiences: readonly string[];
      readonly claims: TokenClaims;
    }
  | { readonly active: false; readonly reason: InactiveReason };

/** What one verification may be told. */
export interface VerifyOptions {
  readonly signal?: AbortSignal;
  /** Who asks, for the limit on misses: an address or a name. */
  readonly source?: string;
  readonly priority?: Priority;
}

/** Tells whether a token is good now. */
export interface TokenVerifier {
  /**
   * @throws {DrawbridgeError} when it cannot be known: `unreachable`, `timeout`, `credentials_refused`, `rate_limited`.
   * That is an outage and never a "no"; the caller has to refuse without remembering it.
   */
  verify(token: string | Secret<string>, options?: VerifyOptions): Promise<Verification>;
}

/** What was revoked, as known from Zitadel's events. A port: the events package implements it. */
export interface RevocationFeed {
  /** How old the newest moment is up to which every revocation is known, in milliseconds; Infinity when unknown. */
  ageMs(): number;
  /** Whether a token of this user and session, issued then, was revoked later. Times in milliseconds. */
  denied(token: {
    readonly subject: string;
    readonly session: string | undefined;
    readonly issuedAt: number;
  }): boolean;
  /**
   * Whether something that cannot be put to a user may have revoked a token issued then, an organization that ended for
   * one. Such a token is asked about; the others need not be.
   */
  doubtful?(token: { readonly issuedAt: number }): boolean;
}
