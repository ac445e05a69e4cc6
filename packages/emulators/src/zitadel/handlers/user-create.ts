import { hashPassword } from '../crypto.ts';
import { alreadyExists, failedPrecondition, invalidArgument, permissionDenied } from '../errors.ts';
import type { UserRow } from '../projections/index.ts';
import type { AnyDraft, HumanFields } from '../store/index.ts';
import { decodeBase32 } from '../totp.ts';
import { invalid, type Message, timestamp } from '../wire/index.ts';
import type { Answer, Call, Handler } from './call.ts';
import { detailsOf } from './call.ts';
import { idpLinkDrafts } from './idp-links.ts';
import { metadataDrafts } from './metadata.ts';
import { codeFor } from './user-codes.ts';
import {
  accessTokenTypes,
  emailOf,
  genders,
  phoneOf,
  requireComplexPassword,
  verificationOf,
} from './user-fields.ts';

interface Created {
  readonly id: string;
  readonly createdAt: number;
  readonly emailCode: string | undefined;
  readonly phoneCode: string | undefined;
  readonly details: Answer;
}

interface NewHuman {
  readonly organizationId: string;
  readonly userId: string | undefined;
  readonly username: string | undefined;
  readonly fields: Message;
  readonly metadata: readonly Message[];
}

/** CreateUser (internal/api/grpc/user/v2/user.go, internal/command/user_v2_human.go, user_v2_machine.go). */
export const createUser: Handler = async (call, input) => {
  const organizationId = input.id('organizationId');
  const userId = input.optionalString('userId', { min: 1, max: 200 });
  const username = input.optionalString('username', { min: 1, max: 200 });
  const human = input.message('human');
  const machine = input.message('machine');
  if (!human && !machine) throw invalid('user_type', 'value is required');
  if (human && machine) throw invalid('user_type', 'only one may be set');
  const metadata = input.messages('metadata');
  const deprecated = human?.messages('metadata') ?? [];
  if (metadata.length > 0 && deprecated.length > 0) {
    throw invalidArgument('USERv2-j0z7uy', 'Errors.User.Metadata.Conflicting');
  }
  const all = metadata.length > 0 ? metadata : deprecated;
  const created = human
    ? await addHuman(call, { organizationId, userId, username, fields: human, metadata: all })
    : addMachine(call, organizationId, userId, username, machine as Message, all);
  return {
    id: created.id,
    creationDate: timestamp(created.createdAt),
    emailCode: created.emailCode,
    phoneCode: created.phoneCode,
  };
};

/** AddHumanUser, deprecated upstream; without `organization` it uses the caller's context. */
export const addHumanUser: Handler = async (call, input) => {
  const organization = input.message('organization');
  const domain = organization?.optionalString('orgDomain');
  const named =
    domain === undefined ? organization?.optionalString('orgId') : call.fresh.organizationDomains.get(domain);
  call.requireDeclared('user.write');
  const organizationId = organization ? named : call.caller.contextOrganizationId;
  // The organization is part of the caller's context here, which is looked at first (internal/api/authz/context.go).
  if (organizationId === undefined || !call.fresh.organizations.has(organizationId)) {
    throw permissionDenied('AUTH-Bs7Ds', "Organisation doesn't exist");
  }
  const created = await addHuman(call, {
    organizationId,
    userId: input.optionalString('userId', { min: 1, max: 200 }),
    username: input.optionalString('username', { min: 1, max: 200 }),
    fields: input,
    metadata: input.messages('metadata'),
  });
  const { id, details, emailCode, phoneCode } = created;
  return { userId: id, details, emailCode, phoneCode };
};

/** Adds a human; also how an organization gets its first administrators. */
export async function addHuman(call: Call, human: NewHuman): Promise<Created> {
  const { fields, organizationId } = human;
  const profile = fields.requiredMessage('profile');
  const firstName = profile.string('givenName', { min: 1, max: 200 });
  const lastName = profile.string('familyName', { min: 1, max: 200 });
  const emailInput = fields.requiredMessage('email');
  const email = emailOf(emailInput);
  const emailVerification = verificationOf(emailInput);
  const phoneInput = fields.message('phone');
  const password = await passwordOf(fields);
  const id = human.userId ?? call.kernel.newId();
  const userName = human.username ?? email;
  requireCreatable(call, organizationId, id, userName, (taken) => taken && 'COMMAND-7yiox1isql');
  const totpSecret = fields.optionalString('totpSecret', { min: 1, max: 200 });
  if (totpSecret !== undefined && !decodeBase32(totpSecret)) {
    throw invalid('totp_secret', 'value must be base32');
  }
  const phone = phoneInput && phoneOf(phoneInput);
  const payload: HumanFields = {
    userName,
    firstName,
    lastName,
    displayName: profile.optionalString('displayName', { min: 1, max: 200 }) ?? `${firstName} ${lastName}`,
    email,
    ...given('nickName', profile.optionalString('nickName', { min: 1, max: 200 })),
    ...given('preferredLanguage', profile.optionalString('preferredLanguage', { min: 1, max: 10 })),
    ...given('gender', profile.optionalEnum('gender', genders)),
    ...given('phone', phone),
    ...password,
  };
  const of = {
    aggregateType: 'user',
    aggregateId: id,
    resourceOwner: ownerOf(call, id, organizationId),
  } as const;
  const target = { userId: id, organizationId: of.resourceOwner };
  const emailCode = codeFor(call, 'email', { ...target, to: email }, emailVerification);
  const phoneVerification = phoneInput && verificationOf(phoneInput);
  const phoneCode =
    phone === undefined || !phoneVerification
      ? undefined
      : codeFor(call, 'phone', { ...target, to: phone }, phoneVerification);
  const drafts: AnyDraft[] = [{ ...of, type: 'user.human.added', payload }];
  if (emailVerification.kind === 'verified') {
    drafts.push({ ...of, type: 'user.human.email.verified', payload: {} });
  }
  if (phoneVerification?.kind === 'verified') {
    drafts.push({ ...of, type: 'user.human.phone.verified', payload: {} });
  }
  drafts.push(...idpLinkDrafts(call, of, fields.messages('idpLinks')));
  if (totpSecret !== undefined) {
    const Crypted = call.kernel.tokens.seal(totpSecret);
    const otpSecret = { CryptoType: 0, Algorithm: 'aes', KeyID: 'otpKey', Crypted };
    drafts.push({ ...of, type: 'user.human.mfa.otp.added', payload: { otpSecret } });
    drafts.push({ ...of, type: 'user.human.mfa.otp.verified', payload: {} });
  }
  drafts.push(...emailCode.drafts, ...(phoneCode?.drafts ?? []));
  drafts.push(...metadataDrafts(of, new Map(), human.metadata));
  const event = call.push(...drafts);
  emailCode.send();
  phoneCode?.send();
  return {
    id,
    createdAt: event.createdAt,
    emailCode: emailCode.returned,
    phoneCode: phoneCode?.returned,
    details: detailsOf(event),
  };
}

function addMachine(
  call: Call,
  organizationId: string,
  userId: string | undefined,
  username: string | undefined,
  machine: Message,
  metadata: readonly Message[],
): Created {
  const name = machine.string('name', { min: 1, max: 200 });
  const id = userId ?? call.kernel.newId();
  const userName = username ?? id;
  // A machine is only compared with machines; over a human it is accepted, and no projection takes it up.
  requireCreatable(call, organizationId, id, userName, (taken) => taken?.machine && 'COMMAND-k2una');
  const of = {
    aggregateType: 'user',
    aggregateId: id,
    resourceOwner: ownerOf(call, id, organizationId),
  } as const;
  const payload = {
    userName,
    name,
    ...given('description', machine.optionalString('description', { max: 500 })),
    accessTokenType: machine.enum('accessTokenType', accessTokenTypes),
  };
  const event = call.push(
    { ...of, type: 'user.machine.added', payload },
    ...metadataDrafts(of, new Map(), metadata),
  );
  return {
    id,
    createdAt: event.createdAt,
    emailCode: undefined,
    phoneCode: undefined,
    details: detailsOf(event),
  };
}

/** An id that was used before keeps its first organization, whatever is asked for (zitadel#11020). */
function ownerOf(call: Call, id: string, organizationId: string): string {
  return call.fresh.userOwners.get(id) ?? organizationId;
}

/** The checks before a user may be, in upstream's order: right, organization, id, username. */
function requireCreatable(
  call: Call,
  organizationId: string,
  id: string,
  userName: string,
  refusal: (taken: UserRow | undefined) => string | undefined,
): void {
  const state = call.fresh;
  if (!state.organizations.has(organizationId)) {
    throw failedPrecondition('COMMAND-QXPGs', 'Errors.Org.NotFound');
  }
  call.require('user.write', organizationId);
  const idTaken = refusal(state.users.get(id));
  if (idTaken) throw failedPrecondition(idTaken, 'Errors.User.AlreadyExisting');
  requireUsername(call, organizationId, userName);
}

/** Usernames are unique on the instance, whatever their case, and may not end in another organization's domain. */
export function requireUsername(call: Call, organizationId: string, userName: string): void {
  const suffix = userName.includes('@') ? userName.slice(userName.lastIndexOf('@') + 1).toLowerCase() : '';
  const owner = call.fresh.organizationDomains.get(suffix);
  if (owner !== undefined && owner !== organizationId) {
    throw invalidArgument('COMMAND-SFd21', 'Errors.User.DomainNotAllowedAsUsername');
  }
  if (call.fresh.usernames.has(userName.toLowerCase())) {
    throw alreadyExists('V3-DKcYh', 'Errors.User.AlreadyExists');
  }
}

async function passwordOf(fields: Message): Promise<Pick<HumanFields, 'encodedHash' | 'changeRequired'>> {
  const plain = fields.message('password');
  const hashed = fields.message('hashedPassword');
  if (hashed) {
    const changeRequired = hashed.bool('changeRequired');
    return { encodedHash: hashed.string('hash', { min: 1, max: 200 }), changeRequired };
  }
  if (!plain) return {};
  const password = plain.string('password', { min: 1, max: 200 });
  requireComplexPassword(password);
  return { encodedHash: await hashPassword(password), changeRequired: plain.bool('changeRequired') };
}

/** A field only where it is given. */
function given<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: V };
}
