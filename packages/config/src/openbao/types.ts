import type { Clock, ErrorCode, Logger } from '@drawbridge/kit/core';
import type { Openbao, OpenbaoOptions } from '@drawbridge/openbao';
import type { OpenbaoCredential } from './credential.ts';

/** Which OpenBao, and as whom. */
export interface OpenbaoSessionOptions
  extends Pick<
    OpenbaoOptions,
    'url' | 'address' | 'ca' | 'namespace' | 'allowInsecure' | 'http' | 'timeoutMs' | 'totalMs'
  > {
  readonly as: OpenbaoCredential;
  /** Where the sign-in method is. Default `jwt`; `userpass` and `kubernetes` for those. */
  readonly authMount?: string;
  /** Default `harmony-developer`. */
  readonly role?: string;
  /** Where the token of OpenBao is kept for other processes of this account, in files of mode 0600. Default: only in this process. */
  readonly folder?: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** What one use of the session may be told. */
export interface OpenbaoRequest {
  /** Whether a person may be asked to sign in, where the credential says how. Default true. */
  readonly mayAsk?: boolean;
  readonly signal?: AbortSignal;
}

/** Who is signed in at OpenBao, as far as is known here. */
export interface OpenbaoPeek {
  readonly role?: string;
  /** Whose token it is: a user id of Zitadel, or a name of userpass. */
  readonly subject?: string;
  /** Milliseconds since the epoch; absent for a token without an end. */
  readonly expiresAt?: number;
}

/** What came of signing out. The token is gone from this machine in any case. */
export interface OpenbaoLoggedOut {
  /** Whether OpenBao was told; false too where there was nothing to revoke. */
  readonly revoked: boolean;
  /** Why it could not be told, so that the token is good until its time is over. */
  readonly code?: ErrorCode;
}

/** A sign-in at OpenBao that is kept up by itself. */
export interface OpenbaoSession {
  readonly kind: OpenbaoCredential['kind'];
  readonly url: string;
  readonly namespace: string | undefined;
  /**
   * OpenBao, signed in: with the kept token, else with a new one. Its token renews itself, and is replaced where OpenBao has it no more.
   *
   * @throws {DrawbridgeError} `not_signed_in`, `openbao_login_refused`, `openbao_keys_unreachable`, `openbao_sealed`, `openbao_standby`,
   * `unreachable`, `timeout`, `locked`, `canceled`, `shutting_down`, or what the session of the person throws
   */
  openbao(request?: OpenbaoRequest): Promise<Openbao>;
  /** Whose token is kept here and good by its time; asks nobody and nothing. */
  peek(): Promise<OpenbaoPeek | undefined>;
  /** Names whose values are read, without a call: for caches. Undefined where that is not known. */
  identity(): Promise<string | undefined>;
  /** Revokes the token, deletes it here with the values that were kept, and says whether it could be revoked (S33). */
  logout(): Promise<OpenbaoLoggedOut>;
  /** Has something done at a logout as well. */
  onLogout(work: () => Promise<void>): void;
  /** Ends renewals. A token that is kept for other processes stays good; any other is revoked. Idempotent. */
  close(): Promise<void>;
}
