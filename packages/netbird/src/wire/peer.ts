/** A device as the list shows it, as far as it is used here. @see shared/management/http/api/openapi.yml */
export interface PeerBody {
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  readonly ip: string;
  readonly dns_label: string;
  readonly connected: boolean;
  readonly last_seen: string;
  readonly last_login: string;
  /** True from when its user was blocked until the user signs in on the device anew. */
  readonly login_expired: boolean;
  readonly login_expiration_enabled: boolean;
  /** Empty for a device that came by a setup key. */
  readonly user_id: string;
  readonly groups: readonly { readonly id: string; readonly name: string }[] | null;
  readonly os: string;
  readonly version: string;
  readonly created_at: string;
}
