import type { ApiConfig, OidcConfig, TargetFields, TokenFields, UserAgentFields } from '../store/index.ts';

/** What every projected row knows of the aggregate behind it. */
export interface Row {
  readonly id: string;
  readonly createdAt: number;
  changedAt: number;
  /** Newest event of the aggregate that this row has seen. */
  sequence: number;
}

export interface MetadataRow {
  readonly key: string;
  value: string;
  readonly createdAt: number;
  changedAt: number;
}

/** Numbers of zitadel.user.v2.UserState. */
export const userState = { active: 1, inactive: 2, locked: 4, initial: 5 } as const;

export interface PendingCode {
  readonly hash: string;
  readonly expiresAt: number;
}

export interface HumanRow {
  firstName: string;
  lastName: string;
  nickName: string;
  displayName: string;
  preferredLanguage: string;
  gender: number;
  email: string;
  emailVerified: boolean;
  phone: string;
  phoneVerified: boolean;
  passwordHash: string;
  passwordChangeRequired: boolean;
  passwordChangedAt: number;
  failedPasswordChecks: number;
  emailCode: PendingCode | undefined;
  phoneCode: PendingCode | undefined;
  passwordCode: PendingCode | undefined;
  inviteCode: PendingCode | undefined;
  /** Sealed secret of the second factor. */
  totp: { readonly secret: string; readonly verified: boolean } | undefined;
}

export interface MachineRow {
  name: string;
  description: string;
  accessTokenType: number;
  secretHash: string;
}

export interface UserRow extends Row {
  readonly organizationId: string;
  username: string;
  state: number;
  readonly human: HumanRow | undefined;
  readonly machine: MachineRow | undefined;
  readonly metadata: Map<string, MetadataRow>;
}

/** Numbers of OrganizationState, ProjectState, ApplicationState and the states of grants. */
export const objectState = { active: 1, inactive: 2 } as const;

export interface DomainRow {
  readonly domain: string;
  readonly createdAt: number;
  verified: boolean;
  primary: boolean;
  validationType: number;
}

export interface OrganizationRow extends Row {
  name: string;
  state: number;
  readonly domains: Map<string, DomainRow>;
  readonly metadata: Map<string, MetadataRow>;
}

export interface RoleRow {
  readonly key: string;
  readonly createdAt: number;
  changedAt: number;
  displayName: string;
  group: string;
}

export interface ProjectGrantRow {
  readonly id: string;
  readonly grantedOrganizationId: string;
  readonly createdAt: number;
  changedAt: number;
  roleKeys: readonly string[];
  state: number;
}

export interface ProjectRow extends Row {
  readonly organizationId: string;
  name: string;
  state: number;
  roleAssertion: boolean;
  authorizationRequired: boolean;
  accessRequired: boolean;
  privateLabeling: number;
  readonly roles: Map<string, RoleRow>;
  /** By the id of the organization it was granted to. */
  readonly grants: Map<string, ProjectGrantRow>;
}

export interface ApplicationRow {
  readonly id: string;
  readonly projectId: string;
  readonly createdAt: number;
  changedAt: number;
  name: string;
  state: number;
  clientId: string;
  secretHash: string;
  oidc: OidcConfig | undefined;
  api: ApiConfig | undefined;
}

/** A public key that signs assertions: of a machine user, or of an application. */
export interface KeyRow {
  readonly id: string;
  /** User id, or client id of the application. */
  readonly subject: string;
  readonly applicationId: string | undefined;
  readonly organizationId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly publicKey: string;
}

export interface PatRow {
  readonly id: string;
  readonly userId: string;
  readonly organizationId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly scopes: readonly string[];
}

export interface AuthorizationRow extends Row {
  readonly userId: string;
  readonly projectId: string;
  readonly grantId: string | undefined;
  readonly organizationId: string;
  roleKeys: readonly string[];
  state: number;
}

export interface SessionRow extends Row {
  readonly creator: string;
  readonly userAgent: UserAgentFields | undefined;
  readonly metadata: Map<string, string>;
  userId: string;
  userOrganizationId: string;
  userCheckedAt: number;
  passwordCheckedAt: number;
  totpCheckedAt: number;
  tokenId: string;
  expiresAt: number | undefined;
}

/** An application that wants to know when a session ends. */
export interface LogoutRow {
  readonly sessionId: string;
  readonly oidcSessionId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly uri: string;
}

/** Where an administrator's roles hold. */
export type AdministratorScope = 'instance' | 'organization' | 'project' | 'project_grant';

export interface AdministratorRow {
  readonly scope: AdministratorScope;
  readonly userId: string;
  /** Organization or project id; the instance's for `instance`. */
  readonly resourceId: string;
  /** For project grants. */
  readonly grantId: string;
  /** Organization in whose context the membership counts; empty for the instance. */
  readonly organizationId: string;
  readonly createdAt: number;
  changedAt: number;
  roles: readonly string[];
}

/** A public key that bodies for a target are encrypted for. */
export interface TargetKeyRow {
  readonly id: string;
  /** PEM in base64. */
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly expiresAt: number | undefined;
  readonly createdAt: number;
  changedAt: number;
  active: boolean;
}

export interface TargetRow extends Row {
  fields: TargetFields;
  /** Sealed; the kernel opens it. */
  signingKey: string;
  readonly keys: Map<string, TargetKeyRow>;
  /** Whether an execution ever named it. */
  named: boolean;
  /** Whether it was changed after that: until then its calls do not happen (issue zitadel#12185). */
  awake: boolean;
}

/** What is called when; the id says when, such as `event/user.human.added`. */
export interface ExecutionRow extends Row {
  targets: readonly string[];
}

export interface OidcSessionRow {
  readonly id: string;
  readonly createdAt: number;
  readonly fields: TokenFields;
  /** Only the newest access token counts; a refresh ends the one before (internal/command/oidc_session.go). */
  accessToken: IssuedAccessToken | undefined;
  refreshToken: IssuedRefreshToken | undefined;
}

export interface IssuedAccessToken {
  readonly id: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly scope: readonly string[];
  /** Events applied when it was issued: ends of sessions after that end it. */
  readonly position: number;
}

export interface IssuedRefreshToken {
  readonly id: string;
  readonly idleUntil: number;
  readonly until: number;
}
