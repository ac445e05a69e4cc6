import { hashPassword, verifyPassword } from '../crypto.ts';
import { failedPrecondition, invalidArgument, notFound, RpcError } from '../errors.ts';
import type { HumanRow, UserRow } from '../projections/index.ts';
import type { AnyDraft } from '../store/index.ts';
import type { Message } from '../wire/index.ts';
import { type Call, detailsOf, type Handler } from './call.ts';
import { codeFor } from './user-codes.ts';
import { codeMatches } from './user-email.ts';
import { requireComplexPassword, verificationOf } from './user-fields.ts';

/** PasswordReset (internal/command/user_v2_password.go). */
export const passwordReset: Handler = (call, input) => {
  const user = call.fresh.users.get(input.id('userId'));
  if (!user?.human) throw notFound('COMMAND-SAF4f', 'Errors.User.NotFound');
  if (user.id !== call.caller.userId) call.require('user.write', user.organizationId);
  const link = input.message('sendLink');
  const verification = link
    ? { kind: 'send' as const, urlTemplate: link.optionalString('urlTemplate') }
    : verificationOf(input);
  const target = { userId: user.id, organizationId: user.organizationId, to: user.human.email };
  const { drafts, returned, send } = codeFor(call, 'password', target, verification);
  const event = call.push(...drafts);
  send();
  return { details: detailsOf(event), verificationCode: returned };
};

/** SetPassword: with a code, with the present password, or by right (internal/command/user_human_password.go). */
export const setPassword: Handler = async (call, input) => {
  const user = call.fresh.users.get(input.id('userId'));
  if (!user?.human) throw failedPrecondition('COMMAND-G8dh3', 'Errors.User.Password.NotFound');
  const fields = input.requiredMessage('newPassword');
  const draft = await passwordChange(call, user, user.human, fields, undefined, input);
  return { details: detailsOf(call.push(draft)) };
};

/** The event of a new password, after whatever entitles the caller to set it. */
export async function passwordChange(
  call: Call,
  user: UserRow,
  human: HumanRow,
  plain: Message | undefined,
  hashed: Message | undefined,
  proof: Message,
): Promise<AnyDraft> {
  const code = proof.optionalString('verificationCode', { min: 1, max: 20 });
  const current = proof.optionalString('currentPassword', { min: 1, max: 200 });
  if (code !== undefined) {
    if (!codeMatches(call, human.passwordCode, code)) {
      throw invalidArgument('COMMAND-eis9R', 'Errors.User.Code.Invalid');
    }
  } else if (current !== undefined) await checkPassword(call, user, human, current);
  else call.require('user.write', user.organizationId);
  const changeRequired = (hashed ?? plain)?.bool('changeRequired') ?? false;
  const encodedHash = hashed
    ? hashed.string('hash', { min: 1, max: 200 })
    : await hashedPassword(plain?.string('password', { min: 1, max: 200 }) ?? '');
  return {
    aggregateType: 'user',
    aggregateId: user.id,
    resourceOwner: user.organizationId,
    type: 'user.human.password.changed',
    payload: { encodedHash, changeRequired },
  };
}

async function hashedPassword(password: string): Promise<string> {
  requireComplexPassword(password);
  return hashPassword(password);
}

/**
 * Checks a password and counts. A wrong one is `invalid_argument` with a CredentialsCheckError that says how often it
 * was wrong (internal/command/user_human_password.go).
 */
export async function checkPassword(
  call: Pick<Call, 'push'>,
  user: UserRow,
  human: HumanRow,
  password: string,
): Promise<void> {
  if (human.passwordHash === '') throw failedPrecondition('COMMAND-3nJ4t', 'Errors.User.Password.NotSet');
  const correct = await verifyPassword(password, human.passwordHash);
  const type = correct ? 'user.human.password.check.succeeded' : 'user.human.password.check.failed';
  call.push({
    aggregateType: 'user',
    aggregateId: user.id,
    resourceOwner: user.organizationId,
    type,
    payload: {},
  });
  if (!correct) {
    throw new RpcError(
      'invalid_argument',
      'Errors.User.Password.Invalid',
      'COMMAND-3M0fs',
      human.failedPasswordChecks,
    );
  }
}
