import { failedPrecondition, notFound } from '../errors.ts';
import { timestamp } from '../wire/index.ts';
import type { Call, Handler } from './call.ts';
import { listMetadata, metadataDrafts, removalDrafts, requireEntries } from './metadata.ts';
import { existing } from './organizations.ts';

/** SetUserMetadata: `user.write` is needed even for one's own (internal/command/user_metadata.go). */
export const setUserMetadata: Handler = (call, input) => {
  const entries = input.messages('metadata');
  requireEntries(entries);
  const user = call.fresh.users.get(input.id('userId'));
  if (!user) throw failedPrecondition('COMMAND-uXHNj', 'Errors.User.NotFound');
  call.require('user.write', user.organizationId);
  const of = { aggregateType: 'user', aggregateId: user.id, resourceOwner: user.organizationId } as const;
  const drafts = metadataDrafts(of, user.metadata, entries);
  const at = drafts.length > 0 ? call.push(...drafts).createdAt : user.changedAt;
  return { setDate: timestamp(at) };
};

export const listUserMetadata: Handler = (call, input) => {
  const user = call.fresh.users.get(input.id('userId'));
  if (!user) return listMetadata(input, new Map());
  if (user.id !== call.caller.userId) call.require('user.read', user.organizationId);
  return listMetadata(input, user.metadata);
};

export const deleteUserMetadata: Handler = (call, input) => {
  const user = call.fresh.users.get(input.id('userId'));
  if (!user) throw failedPrecondition('COMMAND-uXHNj', 'Errors.User.NotFound');
  call.require('user.write', user.organizationId);
  const of = { aggregateType: 'user', aggregateId: user.id, resourceOwner: user.organizationId } as const;
  const event = call.push(...removalDrafts(of, user.metadata, input.strings('keys')));
  return { deletionDate: timestamp(event.createdAt) };
};

function organization(call: Call, id: string) {
  const row = existing(call, id, 'ORG-1MRds');
  return { row, of: { aggregateType: 'org', aggregateId: id, resourceOwner: id } as const };
}

export const setOrganizationMetadata: Handler = (call, input) => {
  const entries = input.messages('metadata');
  requireEntries(entries);
  const { row, of } = organization(call, input.id('organizationId'));
  call.require('org.write', row.id);
  const drafts = metadataDrafts(of, row.metadata, entries);
  const at = drafts.length > 0 ? call.push(...drafts).createdAt : row.changedAt;
  return { setDate: timestamp(at) };
};

export const listOrganizationMetadata: Handler = (call, input) => {
  const id = input.id('organizationId');
  call.require('org.read', id);
  return listMetadata(input, call.fresh.organizations.get(id)?.metadata ?? new Map());
};

export const deleteOrganizationMetadata: Handler = (call, input) => {
  const { row, of } = organization(call, input.id('organizationId'));
  call.require('org.write', row.id);
  const keys = input.strings('keys');
  if (keys.some((key) => !row.metadata.has(key))) {
    throw notFound('META-2nnds', 'Errors.Metadata.KeyNotExisting');
  }
  const event = call.push(...removalDrafts(of, row.metadata, keys));
  return { deletionDate: timestamp(event.createdAt) };
};
