/** What tokens are given beyond what Zitadel writes into them: data, so that it can be reviewed and changed without a release. */
export interface ClaimsPolicy {
  /**
   * Whether people get an `email` claim: `always` (with `email_verified` beside it, so that readers can tell), `verified`
   * only, or `never`. Default `always`. A machine's `email` is its user name, except with `never`.
   */
  readonly email?: 'always' | 'verified' | 'never';
  /** In this order; of two with one name that both apply, the first wins. At most 50. */
  readonly claims?: readonly ClaimRule[];
}

/** One claim: its name, one source of its value, and for whom. */
export type ClaimRule = ClaimSource & {
  readonly claim: string;
  readonly when?: ClaimCondition;
};

export type ClaimSource =
  /** The same for everybody. */
  | { readonly value: unknown }
  /** What Zitadel tells of the user; without it there is no claim. */
  | { readonly from: ClaimPath }
  /** Roles as a flat list, which OpenBao, NetBird and Kubernetes read as groups. */
  | { readonly roles: RolesSource };

/** `user.id`, `user.username`, `user.login`, `user.organization`, `organization.id`, `organization.name`, `organization.domain`, `human.first_name` and so on, `metadata.KEY`, `userinfo.CLAIM`. */
export type ClaimPath = string;

/** Which authorizations become entries, and how they are written. */
export interface RolesSource {
  /**
   * Organizations whose authorizations count; `any` for all. An organization's own administrators give roles in it, so this
   * may be left out only where the form names the organization.
   */
  readonly organizations?: readonly string[] | 'any';
  /** Projects whose roles count. Default all that Zitadel tells of. */
  readonly projects?: readonly string[];
  /** How an entry is written, with `{role}`, `{organization}`, `{domain}` (of the organization) and `{project}`. Default `{role}`. */
  readonly form?: string;
  /** Other names for roles. */
  readonly rename?: Readonly<Record<string, string>>;
  /** `renamed` leaves out roles that have no other name. Default `all`. */
  readonly take?: 'all' | 'renamed';
  /** Entries that everybody gets. */
  readonly always?: readonly string[];
}

/** All that is given has to hold. */
export interface ClaimCondition {
  /** Default both. `preaccesstoken` is asked for JWT access tokens alone, `preuserinfo` for id_tokens, userinfo and introspection. */
  readonly functions?: readonly ('preuserinfo' | 'preaccesstoken')[];
  /** Default both. */
  readonly users?: 'human' | 'machine';
  /** Client ids of applications. Default every one. */
  readonly clients?: readonly string[];
  /** Organizations at which the user is at home. Default every one. */
  readonly organizations?: readonly string[];
}
