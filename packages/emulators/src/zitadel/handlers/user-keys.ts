import { createPublicKey } from 'node:crypto';
import { generateRsaPair, hashSecret, newSecret, normalizedPublicPem, publicPem } from '../crypto.ts';
import { failedPrecondition, invalidArgument, notFound } from '../errors.ts';
import type { UserRow } from '../projections/index.ts';
import { invalid, type Message, timestamp } from '../wire/index.ts';
import type { Call, Handler } from './call.ts';
import { compare, newPaging, pageOf, pagination, timeMatcher } from './lists.ts';

/** AddKey (internal/command/user_machine_key.go): a pair is made unless a public key is given. */
export const addKey: Handler = async (call, input) => {
  const expiresAt = expirationOf(call, input);
  const user = machine(call, input, 'COMMAND-bnipwm1', 'COMMAND-bnipwm1');
  requireCredentialWrite(call, user);
  const given = input.bytes('publicKey');
  const keyId = call.kernel.newId();
  const expirationDate = timestamp(expiresAt);
  const pair = given ? undefined : await generateRsaPair();
  // The user may have gone while the pair was made.
  machine(call, input, 'COMMAND-bnipwm1', 'COMMAND-bnipwm1');
  const publicKey = pair ? publicPem(pair.publicKey) : importedPublicKey(given ?? '');
  const event = call.push({
    ...aggregate(user),
    type: 'user.machine.key.added',
    payload: { keyId, type: 1, expirationDate, publicKey },
  });
  const content = pair && {
    type: 'serviceaccount',
    keyId,
    key: pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    expirationDate,
    userId: user.id,
  };
  return {
    creationDate: timestamp(event.createdAt),
    keyId,
    keyContent: content && Buffer.from(JSON.stringify(content)).toString('base64'),
  };
};

export const removeKey: Handler = (call, input) => {
  const user = call.fresh.users.get(input.id('userId'));
  const key = call.fresh.keys.get(input.id('keyId'));
  if (!user || key?.subject !== user.id) throw notFound('COMMAND-4m77G', 'Errors.User.Machine.Key.NotFound');
  requireCredentialWrite(call, user);
  const event = call.push({
    ...aggregate(user),
    type: 'user.machine.key.removed',
    payload: { keyId: key.id },
  });
  return { deletionDate: timestamp(event.createdAt) };
};

/** AddPersonalAccessToken (internal/command/user_personal_access_token.go), with its fixed scopes. */
export const addPersonalAccessToken: Handler = (call, input) => {
  const expiresAt = expirationOf(call, input);
  const user = machine(call, input, 'COMMAND-Dggw2', 'COMMAND-Df2f1');
  requireCredentialWrite(call, user);
  const tokenId = call.kernel.newId();
  const scopes = ['openid', 'profile', 'urn:zitadel:iam:user:metadata', 'urn:zitadel:iam:user:resourceowner'];
  const event = call.push({
    ...aggregate(user),
    type: 'user.pat.added',
    payload: { tokenId, expiration: timestamp(expiresAt), scopes },
  });
  return {
    creationDate: timestamp(event.createdAt),
    tokenId,
    token: call.kernel.tokens.seal(`pat_${tokenId}`),
  };
};

export const removePersonalAccessToken: Handler = (call, input) => {
  const user = call.fresh.users.get(input.id('userId'));
  const pat = call.fresh.pats.get(input.id('tokenId'));
  if (!user || pat?.userId !== user.id) throw notFound('COMMAND-4m77G', 'Errors.User.PAT.NotFound');
  requireCredentialWrite(call, user);
  const event = call.push({ ...aggregate(user), type: 'user.pat.removed', payload: { tokenId: pat.id } });
  return { deletionDate: timestamp(event.createdAt) };
};

/**
 * AddSecret: answers the secret only; the client id is the login name, and a repeat replaces. A human is refused until it
 * was deactivated or reactivated once: from then on the write model takes it for a machine, though the secret is good for
 * nothing (internal/command/user_machine_secret.go, user_machine_model.go).
 */
export const addSecret: Handler = (call, input) => {
  const known = call.fresh.users.get(input.id('userId'));
  const user =
    known && wasSwitched(call, known) ? known : machine(call, input, 'COMMAND-x8910n', 'COMMAND-x8910n');
  requireCredentialWrite(call, user);
  const clientSecret = newSecret();
  const event = call.push({
    ...aggregate(user),
    type: 'user.machine.secret.set',
    payload: { hashedSecret: hashSecret(clientSecret) },
  });
  return { creationDate: timestamp(event.createdAt), clientSecret };
};

export const removeSecret: Handler = (call, input) => {
  const user = machine(call, input, 'COMMAND-x7s802', 'COMMAND-x7s802');
  if (user.machine?.secretHash === '') {
    throw failedPrecondition('COMMAND-coi82n', 'Errors.User.Machine.Secret.NotExisting');
  }
  requireCredentialWrite(call, user);
  const event = call.push({ ...aggregate(user), type: 'user.machine.secret.removed', payload: {} });
  return { deletionDate: timestamp(event.createdAt) };
};

/** Machines may change their own credentials (internal/command/permission_checks.go, `checkPermissionUpdateUserCredentials`). */
function requireCredentialWrite(call: Call, user: UserRow): void {
  if (user.id !== call.caller.userId) call.require('user.write', user.organizationId);
}

/** What keys and personal access tokens have in common in lists. */
interface Credential {
  readonly id: string;
  readonly userId: string;
  readonly organizationId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

const columns = ['UNSPECIFIED', 'CREATED_DATE', 'ID', 'USER_ID', 'ORGANIZATION_ID'];
const keyColumns = [...columns.map((name) => `KEY_FIELD_NAME_${name}`), 'KEY_FIELD_NAME_KEY_EXPIRATION_DATE'];
const patColumns = [...columns, 'EXPIRATION_DATE'].map((name) => `PERSONAL_ACCESS_TOKEN_FIELD_NAME_${name}`);

export const listKeys: Handler = (call, input) => {
  const keys = [...call.lagging.keys.values()]
    .filter((key) => key.applicationId === undefined)
    .map((key) => ({ ...key, userId: key.subject }));
  return listCredentials(call, input, keys, 'keyIdFilter', keyColumns);
};

export const listPersonalAccessTokens: Handler = (call, input) =>
  listCredentials(call, input, [...call.lagging.pats.values()], 'tokenIdFilter', patColumns);

/** What may not be read leaves the page, not the total (internal/query/authn_key.go, user_personal_access_token.go). */
function listCredentials(
  call: Call,
  input: Message,
  all: readonly Credential[],
  idFilter: string,
  names: readonly string[],
) {
  const paging = newPaging(input);
  const column = input.enum('sortingColumn', names);
  const filters = input.messages('filters').map((filter) => credentialFilter(filter, idFilter));
  const matching = all.filter((row) => filters.every((matches) => matches(row)));
  const keyOf = [byDate, byDate, byId, byUser, byOrganization, byExpiry][column] ?? byDate;
  const sorted = matching.sort((a, b) => compare(keyOf(a), keyOf(b)) || compare(a.id, b.id));
  const { rows, total } = pageOf(sorted, paging);
  const readable = (row: Credential) =>
    row.userId === call.caller.userId || call.permits('user.read', row.organizationId);
  return {
    pagination: pagination(total, paging),
    result: rows.filter(readable).map((row) => ({
      creationDate: timestamp(row.createdAt),
      changeDate: timestamp(row.createdAt),
      id: row.id,
      userId: row.userId,
      organizationId: row.organizationId,
      expirationDate: timestamp(row.expiresAt),
    })),
  };
}

const byDate = (row: Credential) => row.createdAt;
const byId = (row: Credential) => row.id;
const byUser = (row: Credential) => row.userId;
const byOrganization = (row: Credential) => row.organizationId;
const byExpiry = (row: Credential) => row.expiresAt;

function credentialFilter(filter: Message, idFilter: string): (row: Credential) => boolean {
  const id = filter.message(idFilter)?.id('id');
  if (id !== undefined) return (row) => row.id === id;
  const userId = filter.message('userIdFilter')?.id('id');
  if (userId !== undefined) return (row) => row.userId === userId;
  const organizationId = filter.message('organizationIdFilter')?.id('id');
  if (organizationId !== undefined) return (row) => row.organizationId === organizationId;
  const created = filter.message('createdDateFilter');
  if (created) {
    const matches = timeMatcher(created, 'timestamp', 'filter');
    return (row) => matches(row.createdAt);
  }
  const matches = timeMatcher(filter.requiredMessage('expirationDateFilter'), 'timestamp', 'filter');
  return (row) => matches(row.expiresAt);
}

function expirationOf(call: Call, input: Message): number {
  const expiresAt = input.timestamp('expirationDate');
  if (expiresAt === undefined) throw invalid('expiration_date', 'value is required');
  if (expiresAt < call.kernel.now()) throw invalidArgument('DOMAIN-dv3t5', 'Errors.AuthNKey.ExpireBeforeNow');
  return expiresAt;
}

function machine(call: Call, input: Message, missing: string, human: string): UserRow {
  const user = call.fresh.users.get(input.id('userId'));
  if (!user) throw failedPrecondition(missing, 'Errors.User.NotFound');
  if (!user.machine) throw failedPrecondition(human, 'Errors.User.WrongType');
  return user;
}

/** Whether a user was ever deactivated or reactivated. Rarely asked, so the log itself is read. */
function wasSwitched(call: Call, user: UserRow): boolean {
  if (user.machine) return false;
  const { log } = call.kernel;
  for (let at = log.length - 1; at >= 0; at--) {
    const event = log.at(at);
    if (event?.aggregateId !== user.id) continue;
    if (event.type === 'user.deactivated' || event.type === 'user.reactivated') return true;
  }
  return false;
}

function importedPublicKey(base64: string): string {
  try {
    return publicPem(createPublicKey(normalizedPublicPem(Buffer.from(base64, 'base64').toString())));
  } catch {
    // What is wrong with foreign bytes is not worth telling apart.
    throw invalidArgument('COMMAND-5F3h1', 'Errors.User.Machine.Key.Invalid');
  }
}

function aggregate(user: UserRow) {
  return { aggregateType: 'user', aggregateId: user.id, resourceOwner: user.organizationId } as const;
}
