import { failedPrecondition, invalidArgument } from '../errors.ts';
import { detailsOf, type Handler } from './call.ts';
import { codeFor } from './user-codes.ts';
import { codeMatches } from './user-email.ts';
import { verificationOf } from './user-fields.ts';
import { existingUser } from './user-read.ts';

/** ResendPhoneCode: only where a code is pending (internal/command/user_v2_phone.go). */
export const resendPhoneCode: Handler = (call, input) => {
  const user = existingUser(call.fresh, input.id('userId'), 'COMMAND-ieJ2e');
  if (user.id !== call.caller.userId) call.require('user.write', user.organizationId);
  if (!user.human?.phoneCode) throw failedPrecondition('PHONE-5xrra88eq8', 'Errors.User.Code.Empty');
  const target = { userId: user.id, organizationId: user.organizationId, to: user.human.phone };
  const { drafts, returned, send } = codeFor(call, 'phone', target, verificationOf(input));
  const event = call.push(...drafts);
  send();
  return { details: detailsOf(event), verificationCode: returned };
};

export const verifyPhone: Handler = (call, input) => {
  const code = input.string('verificationCode', { min: 1, max: 20 });
  const user = existingUser(call.fresh, input.id('userId'), 'COMMAND-ieJ2e');
  if (user.id !== call.caller.userId) call.require('user.write', user.organizationId);
  const of = { aggregateType: 'user', aggregateId: user.id, resourceOwner: user.organizationId } as const;
  if (!codeMatches(call, user.human?.phoneCode, code)) {
    call.push({ ...of, type: 'user.human.phone.verification.failed', payload: {} });
    throw invalidArgument('COMMAND-sM0cs', 'Errors.User.Code.Invalid');
  }
  return { details: detailsOf(call.push({ ...of, type: 'user.human.phone.verified', payload: {} })) };
};
