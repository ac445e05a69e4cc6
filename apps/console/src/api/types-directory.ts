/** Who is signed in, and what they may do where. */
export interface Me {
  readonly subject: string;
  readonly userId: string | null;
  readonly name?: string | null;
  readonly email?: string | null;
  readonly siteAdministrator: boolean;
  readonly application?: 'console' | 'management' | null;
  readonly csrfToken?: string;
  readonly acting?: { readonly organizationId: string; readonly reason: string } | null;
  readonly organizations: readonly Membership[];
}

export interface Membership {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly permissions: readonly string[];
}

/** Permissions that a page or a button may ask for. */
export type Permission =
  | 'self.read'
  | 'users.read'
  | 'users.write'
  | 'runs.read'
  | 'runs.write'
  | 'sessions.read'
  | 'sessions.write'
  | 'accounts.read'
  | 'accounts.write'
  | 'sweeps.read'
  | 'audit.read'
  | 'settings.write';

/** One page of a list; `next` is the cursor of the page after it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string | null;
  readonly total?: number | null;
}

export interface Organization {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly zitadelOrgId: string | null;
  readonly projectGrant: boolean;
  readonly signIn?: 'invite' | 'password' | 'idp';
  readonly identityProviderId?: string | null;
  readonly adminsManageUsers?: boolean;
  readonly netbirdGroups?: readonly string[];
  readonly version?: number;
}

/** An organization as Zitadel lists it. */
export interface ZitadelOrganization {
  readonly id: string;
  readonly name: string;
  readonly state?: string;
  readonly primaryDomain?: string | null;
  readonly mappedTo: { readonly id: string; readonly slug: string; readonly name: string } | null;
}

export interface Mapping {
  readonly organization: { readonly id: string; readonly slug: string; readonly name: string };
  readonly zitadelOrgId: string | null;
  readonly state: 'mapped' | 'unmapped' | 'drifted';
  readonly projectGrant: boolean;
  readonly netbirdProjectId?: string | null;
  readonly netbirdGroups?: readonly string[];
  readonly users: { readonly active: number; readonly all: number };
  readonly mappedAt?: string | null;
  readonly mappedBy?: string | null;
}

export interface Role {
  readonly key: string;
  readonly displayName: string;
  readonly permissions: readonly string[];
}

export interface Setting {
  readonly key: string;
  readonly value: unknown;
  readonly default: unknown;
  readonly source: 'default' | 'page' | 'environment';
  readonly variable?: string | null;
  readonly effect: string;
  readonly updatedBy?: string | null;
  readonly updatedAt?: string | null;
  readonly version?: number;
}

export interface AuditEntry {
  readonly sequence: string;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly objectType: string;
  readonly objectId: string | null;
  readonly organizationId: string | null;
  readonly from: unknown;
  readonly to: unknown;
  readonly reason: string | null;
  readonly requestId: string | null;
  /** Null once the person was erased. */
  readonly personal: Readonly<Record<string, string>> | null;
}

export interface AuditVerification {
  /** Records whose hash, order and predecessor are right. */
  readonly checked: number;
  readonly unsealed: number;
  readonly through: string | null;
  readonly brokenAt: string | null;
}
