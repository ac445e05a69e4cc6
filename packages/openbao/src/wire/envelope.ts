/** What most answers are wrapped in; parts that do not apply are null. @see sdk/logical/response_util.go */
export interface Envelope<D = unknown> {
  readonly request_id: string;
  readonly lease_id: string;
  readonly renewable: boolean;
  /** Seconds. */
  readonly lease_duration: number;
  readonly data: D | null;
  readonly wrap_info: null;
  readonly warnings: readonly string[] | null;
  readonly auth: AuthBody | null;
}

/** A refusal. The list is empty where there is simply nothing. */
export interface ErrorBody {
  readonly errors: readonly string[];
}

/** What a sign-in or a renewal gives. @see sdk/logical/auth.go */
export interface AuthBody {
  readonly client_token: string;
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly token_policies: readonly string[];
  readonly identity_policies?: readonly string[];
  readonly metadata: Readonly<Record<string, string>> | null;
  /** Seconds; 0 for a token without an end. */
  readonly lease_duration: number;
  readonly renewable: boolean;
  readonly entity_id: string;
  readonly token_type: string;
  readonly orphan: boolean;
  readonly num_uses: number;
  readonly mfa_requirement?: null;
}

/** Answer to every LIST. */
export interface KeysBody {
  readonly keys: readonly string[];
}
