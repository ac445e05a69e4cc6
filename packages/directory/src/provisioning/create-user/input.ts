/** What a `create-user` run was asked for, as stored with it. */
export interface CreateUserInput {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly role: string;
}

/** Output of the step `zitadel_user`. */
export interface ZitadelUserOutput {
  readonly zitadelUserId: string;
  /** True when the user existed and became ours: it is then not removed by compensation. */
  readonly adopted: boolean;
}

/** Output of the step `memberships`. */
export interface MembershipOutput {
  readonly authorizationId: string;
  /** True when it may have been there before the run, because the user was. It is then left alone by compensation. */
  readonly existed: boolean;
}
