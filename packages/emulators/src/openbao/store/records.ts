/** Something mounted (vault/mount.go). Lifetimes are seconds; 0 for the server's own. */
export interface MountRow {
  readonly kind: 'auth' | 'mounts';
  readonly path: string;
  readonly type: string;
  readonly description: string;
  readonly accessor: string;
  readonly uuid: string;
  readonly options: Readonly<Record<string, string>>;
  readonly defaultTtl: number;
  readonly maxTtl: number;
  readonly listingVisibility: string;
}

/** What a role or a user says of its tokens; lifetimes are seconds (sdk/helper/tokenutil/tokenutil.go). */
export interface TokenParams {
  readonly token_policies: readonly string[];
  readonly token_ttl: number;
  readonly token_max_ttl: number;
  readonly token_explicit_max_ttl: number;
  readonly token_period: number;
  readonly token_num_uses: number;
  readonly token_bound_cidrs: readonly string[];
  readonly token_no_default_policy: boolean;
  readonly token_strictly_bind_ip: boolean;
  readonly token_type: string;
}

/** Configuration of a JWT method (builtin/credential/jwt/path_config.go). */
export interface JwtConfigRow {
  readonly oidc_discovery_url: string;
  readonly oidc_discovery_ca_pem: string;
  readonly jwks_url: string;
  readonly jwks_ca_pem: string;
  readonly jwt_validation_pubkeys: readonly string[];
  readonly bound_issuer: string;
  readonly default_role: string;
  readonly jwt_supported_algs: readonly string[];
}

/** A role of a JWT method (builtin/credential/jwt/path_role.go). */
export interface JwtRoleRow extends TokenParams {
  readonly role_type: string;
  readonly bound_audiences: readonly string[];
  readonly bound_subject: string;
  readonly bound_claims: Readonly<Record<string, unknown>>;
  readonly bound_claims_type: string;
  readonly claim_mappings: Readonly<Record<string, string>>;
  readonly user_claim: string;
  readonly user_claim_json_pointer: boolean;
  readonly groups_claim: string;
  readonly clock_skew_leeway: number;
  readonly expiration_leeway: number;
  readonly not_before_leeway: number;
}

/** A user of a userpass method (builtin/credential/userpass/backend.go). */
export interface UserRow extends TokenParams {
  /** Salt and scrypt hash; upstream uses bcrypt. */
  readonly hash: string;
}

/** A token (vault/token_store.go). Times are milliseconds since the epoch, lifetimes seconds. */
export interface TokenRow {
  /** SHA-256 of the token, which is nowhere in the log. */
  readonly hash: string;
  readonly accessor: string;
  readonly namespace: string;
  readonly parent: string;
  readonly type: 'service' | 'batch';
  readonly policies: readonly string[];
  readonly path: string;
  readonly displayName: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly numUses: number;
  readonly createdAt: number;
  readonly ttl: number;
  /** 0 for no end. */
  readonly expiresAt: number;
  readonly explicitMaxTtl: number;
  readonly maxTtl: number;
  readonly period: number;
  readonly renewable: boolean;
  readonly lastRenewal: number;
  readonly entityId: string;
  /** Role or user that it came from: a renewal looks whether it is still there. */
  readonly origin: string;
}

/** One version of a secret (builtin/logical/kv). Times as they are shown. */
export interface VersionRow {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly created: string;
  readonly deleted: string;
  readonly destroyed: boolean;
}

/** A secret: its versions and its settings. */
export interface SecretRow {
  readonly versions: ReadonlyMap<number, VersionRow>;
  readonly current: number;
  readonly oldest: number;
  readonly created: string;
  readonly updated: string;
  readonly settings: SecretSettings;
  readonly metadataVersion: number;
}

/** What POST to a secret's metadata sets. */
export interface SecretSettings {
  readonly max_versions: number;
  readonly cas_required: boolean;
  /** Seconds. */
  readonly delete_version_after: number;
  readonly custom_metadata: Readonly<Record<string, string>> | null;
}
