import { notFound, RpcError } from '../errors.ts';
import type { HumanRow, UserRow } from '../projections/index.ts';
import type { AnyDraft } from '../store/index.ts';
import { type Message, timestamp } from '../wire/index.ts';
import type { Call, Handler } from './call.ts';
import { metadataDrafts } from './metadata.ts';
import { type CodeOutcome, codeFor } from './user-codes.ts';
import { requireUsername } from './user-create.ts';
import { emailChange } from './user-email.ts';
import { accessTokenTypes, emailOf, genders, phoneOf, verificationOf } from './user-fields.ts';
import { passwordChange } from './user-password.ts';
import { existingUser } from './user-read.ts';

/** UpdateUser: what does not change is no event, and nothing at all is no error (internal/command/user_v2_human.go). */
export const updateUser: Handler = async (call, input) => {
  const userId = input.id('userId');
  const human = input.message('human');
  if (!human && !input.message('machine'))
    throw new RpcError('unimplemented', 'user type is not implemented ()');
  // Hashing takes time in which others act, so it comes first and everything is judged after it.
  const password = await passwordDrafts(call, permitted(call, userId), human?.message('password'));
  const user = permitted(call, userId);
  const drafts: AnyDraft[] = [...usernameDrafts(call, user, input)];
  const machine = input.message('machine');
  if ((human && !user.human) || (machine && !user.machine)) {
    throw notFound('COMMAND-ugjs0upun6', 'Errors.User.NotFound');
  }
  const codes: { email?: CodeOutcome; phone?: CodeOutcome } = {};
  if (human && user.human) drafts.push(...humanDrafts(call, user, user.human, human, codes), ...password);
  if (machine) drafts.push(...machineDrafts(user, machine));
  drafts.push(...metadataDrafts(aggregate(user), user.metadata, input.messages('metadata')));
  const at = drafts.length > 0 ? call.push(...drafts).createdAt : user.changedAt;
  codes.email?.send();
  codes.phone?.send();
  return {
    changeDate: timestamp(at),
    emailCode: codes.email?.returned,
    phoneCode: codes.phone?.returned,
  };
};

function usernameDrafts(call: Call, user: UserRow, input: Message): readonly AnyDraft[] {
  const userName = input.optionalString('username', { min: 1, max: 200 });
  if (userName === undefined || userName === user.username) return [];
  if (userName.toLowerCase() !== user.username.toLowerCase()) {
    requireUsername(call, user.organizationId, userName);
  }
  const payload = { userName, oldUserName: user.username };
  return [{ ...aggregate(user), type: 'user.username.changed', payload }];
}

function permitted(call: Call, userId: string): UserRow {
  const user = existingUser(call.fresh, userId, 'COMMAND-ugjs0upun6');
  if (user.id !== call.caller.userId) call.require('user.write', user.organizationId);
  return user;
}

async function passwordDrafts(
  call: Call,
  user: UserRow,
  password: Message | undefined,
): Promise<readonly AnyDraft[]> {
  if (!password || !user.human) return [];
  const [plain, hashed] = [password.message('password'), password.message('hashedPassword')];
  return [await passwordChange(call, user, user.human, plain, hashed, password)];
}

function humanDrafts(
  call: Call,
  user: UserRow,
  human: HumanRow,
  input: Message,
  codes: { email?: CodeOutcome; phone?: CodeOutcome },
): readonly AnyDraft[] {
  const drafts: AnyDraft[] = [];
  const profile = input.message('profile');
  if (profile) drafts.push(...profileDrafts(user, human, profile));
  const email = input.message('email');
  // The same address again makes no new code.
  if (email && emailOf(email) !== human.email) {
    codes.email = emailChange(call, user, emailOf(email), verificationOf(email));
    drafts.push(...codes.email.drafts);
  } else if (email && verificationOf(email).kind === 'verified' && !human.emailVerified) {
    drafts.push({ ...aggregate(user), type: 'user.human.email.verified', payload: {} });
  }
  const phone = input.message('phone');
  if (phone && phoneOf(phone) !== human.phone) {
    const number = phoneOf(phone);
    const verification = verificationOf(phone);
    const target = { userId: user.id, organizationId: user.organizationId, to: number };
    codes.phone = codeFor(call, 'phone', target, verification);
    drafts.push({ ...aggregate(user), type: 'user.human.phone.changed', payload: { phone: number } });
    if (verification.kind === 'verified') {
      drafts.push({ ...aggregate(user), type: 'user.human.phone.verified', payload: {} });
    }
    drafts.push(...codes.phone.drafts);
  }
  return drafts;
}

function profileDrafts(user: UserRow, human: HumanRow, profile: Message): readonly AnyDraft[] {
  const wanted = {
    firstName: profile.optionalString('givenName', { min: 1, max: 200 }),
    lastName: profile.optionalString('familyName', { min: 1, max: 200 }),
    nickName: profile.optionalString('nickName', { max: 200 }),
    displayName: profile.optionalString('displayName', { min: 1, max: 200 }),
    preferredLanguage: profile.optionalString('preferredLanguage', { max: 10 }),
    gender: profile.optionalEnum('gender', genders),
  };
  const payload = changed(wanted, human);
  return Object.keys(payload).length === 0
    ? []
    : [{ ...aggregate(user), type: 'user.human.profile.changed', payload }];
}

function machineDrafts(user: UserRow, input: Message): readonly AnyDraft[] {
  const wanted = {
    name: input.optionalString('name', { min: 1, max: 200 }),
    description: input.optionalString('description', { max: 500 }),
    accessTokenType: input.optionalEnum('accessTokenType', accessTokenTypes),
  };
  const payload = user.machine ? changed(wanted, user.machine) : {};
  return Object.keys(payload).length === 0
    ? []
    : [{ ...aggregate(user), type: 'user.machine.changed', payload }];
}

/** The given fields that differ from the present ones. */
function changed<T extends object>(wanted: { [K in keyof T]?: T[K] | undefined }, present: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(wanted).filter(([key, value]) => value !== undefined && value !== present[key as keyof T]),
  ) as Partial<T>;
}

function aggregate(user: UserRow) {
  return { aggregateType: 'user', aggregateId: user.id, resourceOwner: user.organizationId } as const;
}
