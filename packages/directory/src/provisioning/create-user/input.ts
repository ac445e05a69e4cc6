import type { SignInMethod } from '../../database/index.ts';
import type { SealedPlace } from '../../sealing/index.ts';

/** What a `create-user` run was asked for, as stored with it. */
export interface CreateUserInput {
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly role: string;
  /** Absent in runs of before there was a choice: an invitation. */
  readonly signIn?: SignInMethod;
  /** Sealed; with `password` alone. */
  readonly password?: string;
  /** With `idp` alone: the provider, and the person's id there. */
  readonly identityProvider?: { readonly id: string; readonly userId: string };
}

/** Where the password of a user to be is sealed for. */
export function passwordPlace(userId: string): SealedPlace {
  return { purpose: 'provisioning_runs.password', row: userId };
}

/** Output of the step `zitadel_user`. */
export interface ZitadelUserOutput {
  readonly zitadelUserId: string;
  /** True when the user existed and became ours: it is then not removed by compensation. */
  readonly adopted: boolean;
}
