import { secretMatches } from '../crypto.ts';
import { failedPrecondition, invalidArgument } from '../errors.ts';
import type { HumanRow, PendingCode, UserRow } from '../projections/index.ts';
import type { AnyDraft } from '../store/index.ts';
import type { Message } from '../wire/index.ts';
import { type Call, detailsOf, type Handler } from './call.ts';
import { codeFor } from './user-codes.ts';
import { emailOf, verificationOf } from './user-fields.ts';
import { existingUser } from './user-read.ts';

/** SetEmail (internal/command/user_v2_email.go): the same address again is refused. */
export const setEmail: Handler = (call, input) => {
  const email = emailOf(input);
  const { user, human } = humanFor(call, input);
  const verification = verificationOf(input);
  if (human.email === email) throw failedPrecondition('COMMAND-Uch5e', 'Errors.User.Email.NotChanged');
  const { drafts, returned, send } = emailChange(call, user, email, verification);
  const event = call.push(...drafts);
  send();
  return { details: detailsOf(event), verificationCode: returned };
};

/** Events of a new address, and its code where one is wanted. */
export function emailChange(
  call: Call,
  user: UserRow,
  email: string,
  verification: ReturnType<typeof verificationOf>,
) {
  const of = aggregate(user);
  const code = codeFor(call, 'email', target(user, email), verification);
  const drafts: AnyDraft[] = [{ ...of, type: 'user.human.email.changed', payload: { email } }];
  if (verification.kind === 'verified')
    drafts.push({ ...of, type: 'user.human.email.verified', payload: {} });
  return { ...code, drafts: [...drafts, ...code.drafts] };
}

/** SendEmailCode: always a fresh code, even for a verified address. */
export const sendEmailCode: Handler = (call, input) => newCode(call, input, false);

/** ResendEmailCode: only where a code is pending. */
export const resendEmailCode: Handler = (call, input) => newCode(call, input, true);

function newCode(call: Call, input: Message, pendingOnly: boolean) {
  const { user, human } = humanFor(call, input);
  if (pendingOnly && !human.emailCode) throw failedPrecondition('EMAIL-5w5ilin4yt', 'Errors.User.Code.Empty');
  const { drafts, returned, send } = codeFor(call, 'email', target(user, human.email), verificationOf(input));
  const event = call.push(...drafts);
  send();
  return { details: detailsOf(event), verificationCode: returned };
}

export const verifyEmail: Handler = (call, input) => {
  const code = input.string('verificationCode', { min: 1, max: 20 });
  const user = existingUser(call.fresh, input.id('userId'), 'COMMAND-ieJ2e');
  if (!user.human) throw failedPrecondition('COMMAND-ieJ2e', 'Errors.User.NotFound');
  if (user.id !== call.caller.userId) call.require('user.write', user.organizationId);
  if (!codeMatches(call, user.human.emailCode, code)) {
    call.push({ ...aggregate(user), type: 'user.human.email.verification.failed', payload: {} });
    throw invalidArgument('COMMAND-eis9R', 'Errors.User.Code.Invalid');
  }
  return {
    details: detailsOf(call.push({ ...aggregate(user), type: 'user.human.email.verified', payload: {} })),
  };
};

/** CreateInviteCode (internal/command/user_v2_invite.go): only for users who have no way to sign in yet. */
export const createInviteCode: Handler = (call, input) => {
  const user = call.fresh.users.get(input.id('userId'));
  if (!user?.human) throw failedPrecondition('COMMAND-Wgvn4', 'Errors.User.NotFound');
  call.require('user.write', user.organizationId);
  if (user.human.passwordHash !== '') {
    throw failedPrecondition('COMMAND-EF34g', 'Errors.User.AlreadyInitialised');
  }
  const { drafts, returned, send } = codeFor(
    call,
    'invite',
    target(user, user.human.email),
    verificationOf(input),
  );
  const event = call.push(...drafts);
  send();
  return { details: detailsOf(event), inviteCode: returned };
};

/** VerifyInviteCode verifies the mail address too: the code came there. */
export const verifyInviteCode: Handler = (call, input) => {
  const code = input.string('verificationCode', { min: 1, max: 20 });
  const user = call.fresh.users.get(input.id('userId'));
  if (!user?.human) throw failedPrecondition('COMMAND-F5g2h', 'Errors.User.NotFound');
  if (!codeMatches(call, user.human.inviteCode, code)) {
    throw invalidArgument('COMMAND-Wgn4q', 'Errors.User.Code.Invalid');
  }
  const event = call.push(
    { ...aggregate(user), type: 'user.human.invite.check.succeeded', payload: {} },
    { ...aggregate(user), type: 'user.human.email.verified', payload: {} },
  );
  return { details: detailsOf(event) };
};

/** Whether a code is the pending one and still lives. */
export function codeMatches(call: Call, pending: PendingCode | undefined, code: string): boolean {
  return pending !== undefined && pending.expiresAt > call.kernel.now() && secretMatches(code, pending.hash);
}

function humanFor(call: Call, input: Message): { readonly user: UserRow; readonly human: HumanRow } {
  const user = existingUser(call.fresh, input.id('userId'), 'COMMAND-ieJ2e');
  if (!user.human) throw failedPrecondition('COMMAND-ieJ2e', 'Errors.User.NotFound');
  if (user.id !== call.caller.userId) call.require('user.write', user.organizationId);
  return { user, human: user.human };
}

function target(user: UserRow, to: string) {
  return { userId: user.id, organizationId: user.organizationId, to };
}

function aggregate(user: UserRow) {
  return { aggregateType: 'user', aggregateId: user.id, resourceOwner: user.organizationId } as const;
}
