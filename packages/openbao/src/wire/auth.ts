/** Fields that every role and user has. Lifetimes are seconds when read. @see sdk/helper/tokenutil/tokenutil.go */
export interface TokenFieldsBody {
  readonly token_policies: readonly string[];
  readonly token_ttl: number;
  readonly token_max_ttl: number;
  readonly token_explicit_max_ttl: number;
  readonly token_period: number;
  readonly token_num_uses: number;
  readonly token_bound_cidrs: readonly string[];
  readonly token_no_default_policy: boolean;
  readonly token_strictly_bind_ip?: boolean;
  readonly token_type: string;
}

/** Configuration of a JWT method; secrets are left out when read. @see builtin/credential/jwt/path_config.go */
export interface JwtConfigBody {
  readonly oidc_discovery_url: string;
  readonly oidc_discovery_ca_pem: string;
  readonly jwks_url: string;
  readonly jwks_ca_pem: string;
  readonly jwt_validation_pubkeys: readonly string[];
  readonly bound_issuer: string;
  readonly default_role: string;
  readonly jwt_supported_algs: readonly string[];
  readonly oidc_client_id: string;
  /** Whether the keys could be had when this was read. */
  readonly status?: string;
}

/** A role of a JWT method. @see builtin/credential/jwt/path_role.go */
export interface JwtRoleBody extends TokenFieldsBody {
  readonly role_type: string;
  readonly bound_audiences: readonly string[] | null;
  readonly bound_subject: string;
  readonly bound_claims: Readonly<Record<string, unknown>> | null;
  readonly bound_claims_type: string;
  readonly claim_mappings: Readonly<Record<string, string>> | null;
  readonly user_claim: string;
  readonly user_claim_json_pointer: boolean;
  readonly groups_claim: string;
  /** Seconds; 0 stands for the default of 60, -1 for none. */
  readonly clock_skew_leeway: number;
  readonly expiration_leeway: number;
  readonly not_before_leeway: number;
}

/** A token as a lookup shows it. @see vault/token_store.go */
export interface TokenBody {
  readonly id: string;
  readonly accessor: string;
  readonly policies: readonly string[];
  readonly path: string;
  readonly meta: Readonly<Record<string, string>> | null;
  readonly display_name: string;
  readonly num_uses: number;
  readonly orphan: boolean;
  /** Seconds since the epoch. */
  readonly creation_time: number;
  readonly creation_ttl: number;
  readonly expire_time: string | null;
  readonly explicit_max_ttl: number;
  readonly entity_id: string;
  readonly ttl: number;
  readonly type: string;
  readonly renewable?: boolean;
  readonly issue_time?: string;
  readonly namespace_path?: string;
}
