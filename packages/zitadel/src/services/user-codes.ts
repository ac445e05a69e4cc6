import { Secret } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';

/** How a code reaches the user: by mail, or back to us. */
export type CodeDelivery =
  | { readonly deliver: 'mail'; readonly urlTemplate?: string }
  | { readonly deliver: 'return' };

/** How an invitation reaches the user; the application's name stands in the mail. */
export type InviteDelivery =
  | { readonly deliver: 'mail'; readonly urlTemplate?: string; readonly applicationName?: string }
  | { readonly deliver: 'return' };

/**
 * Codes for a user's mail address and phone. None of these calls is ever repeated by itself: each would send another,
 * and a wrong one counts. They return the code where it was asked for, else undefined.
 */
export interface UserCodes {
  /** Makes and sends a fresh code, even for a verified address. */
  sendEmailCode(
    userId: string,
    how: CodeDelivery,
    options?: CallOptions,
  ): Promise<Secret<string> | undefined>;
  /** @throws {DrawbridgeError} `zitadel_precondition` where no code is pending */
  resendEmailCode(
    userId: string,
    how: CodeDelivery,
    options?: CallOptions,
  ): Promise<Secret<string> | undefined>;
  /** @throws {DrawbridgeError} `zitadel_precondition` where the user is unknown or can sign in already */
  createInviteCode(
    userId: string,
    how: InviteDelivery,
    options?: CallOptions,
  ): Promise<Secret<string> | undefined>;
  /** @throws {DrawbridgeError} `zitadel_invalid_argument` for a wrong code, `zitadel_precondition` where none is pending */
  verifyEmail(userId: string, code: Secret<string>, options?: CallOptions): Promise<void>;
  /** Takes the invitation; the mail address counts as verified with it. */
  verifyInviteCode(userId: string, code: Secret<string>, options?: CallOptions): Promise<void>;
  /** @throws {DrawbridgeError} as {@link UserCodes.verifyEmail} */
  verifyPhone(userId: string, code: Secret<string>, options?: CallOptions): Promise<void>;
  /** @throws {DrawbridgeError} `zitadel_precondition` where no code is pending */
  resendPhoneCode(
    userId: string,
    deliver: 'message' | 'return',
    options?: CallOptions,
  ): Promise<Secret<string> | undefined>;
}

const service = 'zitadel.user.v2.UserService';

/** Codes by mail, a part of {@link Users}. */
export function createUserCodes(transport: Transport): UserCodes {
  const email = async (
    method: 'SendEmailCode' | 'ResendEmailCode',
    userId: string,
    how: CodeDelivery,
    options: CallOptions | undefined,
  ) => {
    const answer = await transport.call(`${service}/${method}`, { userId, ...verification(how) }, options);
    return answer.verificationCode ? new Secret(answer.verificationCode) : undefined;
  };
  const verify =
    (method: 'VerifyEmail' | 'VerifyInviteCode' | 'VerifyPhone'): UserCodes['verifyEmail'] =>
    async (userId, code, options) => {
      const request = { userId, verificationCode: code.expose() };
      await transport.call(`${service}/${method}`, request, options);
    };
  return {
    verifyEmail: verify('VerifyEmail'),
    verifyInviteCode: verify('VerifyInviteCode'),
    verifyPhone: verify('VerifyPhone'),
    async resendPhoneCode(userId, deliver, options) {
      const how = deliver === 'message' ? { sendCode: {} } : { returnCode: {} };
      const answer = await transport.call(`${service}/ResendPhoneCode`, { userId, ...how }, options);
      return answer.verificationCode ? new Secret(answer.verificationCode) : undefined;
    },
    sendEmailCode: (userId, how, options) => email('SendEmailCode', userId, how, options),
    resendEmailCode: (userId, how, options) => email('ResendEmailCode', userId, how, options),
    async createInviteCode(userId, how, options) {
      const answer = await transport.call(
        `${service}/CreateInviteCode`,
        { userId, ...verification(how) },
        options,
      );
      return answer.inviteCode ? new Secret(answer.inviteCode) : undefined;
    },
  };
}

function verification(how: InviteDelivery) {
  const { deliver, ...template } = how;
  return deliver === 'mail' ? { sendCode: template } : { returnCode: {} };
}
