/**
 * What a user may do in NetBird. Requests take any case, answers are in lower case.
 *
 * @see management/server/types/user.go
 */
export type NetbirdRole = 'owner' | 'admin' | 'user' | 'billing_admin' | 'auditor' | 'network_admin';

/** A user as the API shows it. @see shared/management/http/api/openapi.yml */
export interface UserBody {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly status: 'active' | 'invited' | 'blocked';
  /** Ids of groups that the user's devices join. */
  readonly auto_groups: readonly string[];
  readonly is_blocked: boolean;
  readonly pending_approval: boolean;
  /** Whether this is the caller. */
  readonly is_current?: boolean;
  readonly is_service_user?: boolean;
  /** `0001-01-01T00:00:00Z` stands for never. */
  readonly last_login?: string;
  /** `api` or `integration`; empty where NetBird shows defaults instead of the user's state. */
  readonly issued?: string;
  /** Connector of the embedded identity provider; absent elsewhere. */
  readonly idp_id?: string;
  /** Only in the answer to a create, and only of the embedded identity provider. */
  readonly password?: string;
}

/** Body of POST /api/users. A service user needs no mail address. */
export interface CreateUserBody {
  readonly role: string;
  readonly auto_groups: readonly string[];
  readonly is_service_user: boolean;
  readonly email?: string;
  readonly name?: string;
}

/** Body of PUT /api/users/{id}. All of it is replaced: what is left out of `is_blocked` unblocks. */
export interface ReplaceUserBody {
  readonly role: string;
  readonly auto_groups: readonly string[];
  readonly is_blocked: boolean;
}
