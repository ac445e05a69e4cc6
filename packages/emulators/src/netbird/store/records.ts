/** A user of the account (management/server/types/user.go). */
export interface UserRow {
  readonly id: string;
  readonly role: string;
  readonly name: string;
  readonly email: string;
  readonly autoGroups: readonly string[];
  readonly isServiceUser: boolean;
  readonly blocked: boolean;
  readonly pendingApproval: boolean;
  /** Of a device, in milliseconds since the epoch; the dashboard's sign-ins count only with a claim that Zitadel does not send. */
  readonly lastLogin?: number;
}

/** A group of devices (management/server/types/group.go). */
export interface GroupRow {
  readonly id: string;
  readonly name: string;
  readonly issued: string;
  readonly peers: readonly string[];
}

/** A device (management/server/peer/peer.go). Times are milliseconds since the epoch. */
export interface PeerRow {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly ip: string;
  readonly os: string;
  readonly loginExpired: boolean;
  readonly createdAt: number;
  readonly lastLogin: number;
}

/** A personal access token (management/server/types/personal_access_token.go). Times are milliseconds since the epoch. */
export interface TokenRow {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly hash: string;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastUsed?: number;
}
