/** Settings of the account that the emulator knows, in the names of the API; all others are kept as they are sent. */
export interface Settings {
  readonly jwt_groups_enabled: boolean;
  readonly jwt_groups_claim_name: string;
  readonly jwt_allow_groups: readonly string[];
  readonly groups_propagation_enabled: boolean;
  readonly regular_users_view_blocked: boolean;
  readonly peer_login_expiration_enabled: boolean;
  /** Seconds. */
  readonly peer_login_expiration: number;
  readonly extra: { readonly peer_approval_enabled: boolean; readonly user_approval_required: boolean };
}

/** How a user came to be: by hand, by a first sign-in, by an invitation of ours. */
interface NewUser {
  readonly role: string;
  readonly name: string;
  readonly email: string;
  readonly autoGroups: readonly string[];
  readonly isServiceUser: boolean;
  readonly blocked: boolean;
  readonly pendingApproval: boolean;
}

/**
 * What happens in an account. Names are those of the activity log where it has one (management/server/activity/codes.go).
 */
export interface EventPayloads {
  'account.create': { readonly domain: string; readonly createdBy: string; readonly settings: Settings };
  'account.settings.update': { readonly settings: Settings };
  'user.join': NewUser;
  'user.invite': NewUser;
  'service.user.create': NewUser;
  'user.update': {
    readonly role: string;
    readonly autoGroups: readonly string[];
    readonly blocked: boolean;
  };
  'user.approve': Record<string, never>;
  'user.delete': Record<string, never>;
  'transferred.owner.role': Record<string, never>;
  'personal.access.token.create': {
    readonly userId: string;
    readonly name: string;
    /** SHA-256 in base64; the token itself is nowhere in the log. */
    readonly hash: string;
    /** Milliseconds since the epoch. */
    readonly expiresAt: number;
  };
  'personal.access.token.use': Record<string, never>;
  'personal.access.token.delete': Record<string, never>;
  'group.add': { readonly name: string; readonly issued: string; readonly peers: readonly string[] };
  'group.update': { readonly name: string; readonly peers: readonly string[] };
  'group.delete': Record<string, never>;
  'peer.user.add': {
    readonly userId: string;
    readonly name: string;
    readonly ip: string;
    readonly os: string;
  };
  'user.peer.login': Record<string, never>;
  'peer.login.expire': Record<string, never>;
  'user.peer.delete': Record<string, never>;
}

/** Name of a kind of event. */
export type NetbirdEventType = keyof EventPayloads;

/** What a handler wants to have happened. */
export type NetbirdDraft = {
  [T in NetbirdEventType]: {
    readonly type: T;
    /** Id of the user, group, device, token or account that it happened to. */
    readonly target: string;
    readonly payload: EventPayloads[T];
  };
}[NetbirdEventType];

/** One thing that happened. */
export type NetbirdEvent = NetbirdDraft & {
  /** 1 for the first of the log. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** User who did it. */
  readonly initiator: string;
};
