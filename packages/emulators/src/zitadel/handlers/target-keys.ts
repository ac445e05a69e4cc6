import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { normalizedPublicPem } from '../crypto.ts';
import { failedPrecondition, invalidArgument } from '../errors.ts';
import type { TargetKeyRow, TargetRow } from '../projections/index.ts';
import { type Message, timestamp } from '../wire/index.ts';
import type { Answer, Call, Handler } from './call.ts';
import { newPaging, pageOf, pagination, sortedBy, timeMatcher } from './lists.ts';
import { targetAggregate } from './targets.ts';

/** Longest PEM, in bytes (proto/zitadel/action/v2/action_service.proto). */
const longestPem = 8_192;

/** AddPublicKey; an unknown target is FailedPrecondition here (internal/command/action_v2_target_public_key.go). */
export const addPublicKey: Handler = (call, input) => {
  call.requireDeclared('action.target.write');
  const targetId = input.id('targetId');
  const expiresAt = input.timestamp('expirationDate');
  if (expiresAt !== undefined && expiresAt < call.kernel.now()) {
    throw invalidArgument('ErrExpirationDateBeforeNow', 'Errors.Target.InvalidExpirationDate');
  }
  const publicKey = input.bytes('publicKey') ?? '';
  const fingerprint = fingerprintOf(publicKey);
  if (!call.fresh.targets.has(targetId)) {
    throw failedPrecondition('ErrTargetNotFound', 'Errors.Target.NotFound');
  }
  const keyId = call.kernel.newId();
  const event = call.push({
    ...targetAggregate(call, targetId),
    type: 'target.key.added',
    payload: {
      keyId,
      publicKey,
      fingerprint,
      ...(expiresAt === undefined ? {} : { expiration: timestamp(expiresAt) }),
    },
  });
  return { keyId, creationDate: timestamp(event.createdAt) };
};

/** ActivatePublicKey: it becomes the only active one; a repeat is fine. */
export const activatePublicKey: Handler = (call, input) => {
  call.requireDeclared('action.target.write');
  const { row, key } = existingKey(call, input);
  if (key.expiresAt !== undefined && key.expiresAt < call.kernel.now()) {
    throw failedPrecondition('COMMAND-SAF4g', 'Errors.Target.PublicKeyExpired');
  }
  if (key.active) return { changeDate: timestamp(key.changedAt) };
  const payload = { keyId: key.id };
  const event = call.push({ ...targetAggregate(call, row.id), type: 'target.key.activated', payload });
  return { changeDate: timestamp(event.createdAt) };
};

export const deactivatePublicKey: Handler = (call, input) => {
  call.requireDeclared('action.target.write');
  const { row, key } = existingKey(call, input);
  if (!key.active) return { changeDate: timestamp(key.changedAt) };
  const payload = { keyId: key.id };
  const event = call.push({ ...targetAggregate(call, row.id), type: 'target.key.deactivated', payload });
  return { changeDate: timestamp(event.createdAt) };
};

/** RemovePublicKey: missing is fine, the active one stays. */
export const removePublicKey: Handler = (call, input) => {
  call.requireDeclared('action.target.write');
  const row = call.fresh.targets.get(input.id('targetId'));
  const key = row?.keys.get(input.id('keyId'));
  if (!row || !key) return {};
  if (key.active) throw failedPrecondition('ErrPublicKeyDeleteActiveKey', 'Errors.Target.PublicKeyActive');
  const payload = { keyId: key.id };
  const event = call.push({ ...targetAggregate(call, row.id), type: 'target.key.removed', payload });
  return { deletionDate: timestamp(event.createdAt) };
};

export const listPublicKeys: Handler = (call, input) => {
  call.requireDeclared('action.target.read');
  const paging = newPaging(input);
  const filters = input.messages('filters').map(keyFilter);
  const keys = call.lagging.targets.get(input.id('targetId'))?.keys.values() ?? [];
  const matching = [...keys].filter((key) => filters.every((matches) => matches(key)));
  const { rows, total } = pageOf(
    sortedBy(matching, (key) => key.createdAt),
    paging,
  );
  return { pagination: pagination(total, paging), publicKeys: rows.map(keyMessage) };
};

function keyFilter(filter: Message): (key: TargetKeyRow) => boolean {
  const ids = filter.message('keyIdsFilter');
  if (ids) {
    const wanted = new Set(ids.strings('ids'));
    return (key) => wanted.has(key.id);
  }
  const active = filter.optionalBool('activeFilter');
  if (active !== undefined) return (key) => key.active === active;
  const matches = timeMatcher(filter.requiredMessage('expirationDateFilter'), 'timestamp', 'filter');
  return (key) => matches(key.expiresAt ?? Number.POSITIVE_INFINITY);
}

function keyMessage(key: TargetKeyRow): Answer {
  return {
    keyId: key.id,
    active: key.active,
    publicKey: key.publicKey,
    fingerprint: key.fingerprint,
    expirationDate: key.expiresAt === undefined ? undefined : timestamp(key.expiresAt),
    creationDate: timestamp(key.createdAt),
    changeDate: timestamp(key.changedAt),
  };
}

function existingKey(call: Call, input: Message): { readonly row: TargetRow; readonly key: TargetKeyRow } {
  const row = call.fresh.targets.get(input.id('targetId'));
  const key = row?.keys.get(input.id('keyId'));
  if (!row || !key) throw failedPrecondition('ErrKeyNotFound', 'Errors.Target.PublicKeyNotFound');
  return { row, key };
}

/** @throws {RpcError} ErrPublicKeyFormat for what is no RSA or EC key */
function fingerprintOf(base64: string): string {
  const pem = Buffer.from(base64, 'base64').toString();
  const key = pem.length > longestPem ? undefined : readKey(pem);
  if (key?.asymmetricKeyType !== 'rsa' && key?.asymmetricKeyType !== 'ec') {
    throw invalidArgument('ErrPublicKeyFormat', 'Errors.Target.InvalidPublicKey');
  }
  const der = key.export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('base64').replace(/=+$/, '')}`;
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(normalizedPublicPem(pem));
  } catch {
    // Not a key; the caller says so in Zitadel's words.
    return undefined;
  }
}
