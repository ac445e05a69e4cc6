/** Settings of an account, as far as they are used here. @see shared/management/http/api/openapi.yml */
export interface AccountSettingsBody {
  /** Whether groups are taken from a claim of the tokens that people sign in with. */
  readonly jwt_groups_enabled?: boolean;
  readonly jwt_groups_claim_name?: string;
  /** Where not empty, only tokens with one of these groups are let in. */
  readonly jwt_allow_groups?: readonly string[];
  /** Whether a change of a user's groups reaches the devices that are there already. */
  readonly groups_propagation_enabled?: boolean;
  readonly regular_users_view_blocked?: boolean;
  readonly peer_login_expiration_enabled?: boolean;
  /** Seconds. */
  readonly peer_login_expiration?: number;
  readonly embedded_idp_enabled?: boolean;
  readonly extra?: {
    readonly peer_approval_enabled?: boolean;
    /** Whether somebody who signs in for the first time is blocked until approved. New accounts have it on. */
    readonly user_approval_required?: boolean;
  };
}

/** An account. The list of them has exactly one. */
export interface AccountBody {
  readonly id: string;
  readonly domain: string;
  readonly domain_category: string;
  readonly created_by: string;
  readonly created_at: string;
  readonly settings: AccountSettingsBody;
}
