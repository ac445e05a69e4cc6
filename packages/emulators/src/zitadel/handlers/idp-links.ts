import { alreadyExists, failedPrecondition, notFound } from '../errors.ts';
import type { AnyDraft } from '../store/index.ts';
import type { Message } from '../wire/index.ts';
import { type Call, detailsOf, type Handler } from './call.ts';
import { listDetails, oldPaging, pageOf, sortedBy } from './lists.ts';
import { existingUser } from './user-read.ts';

type Aggregate = {
  readonly aggregateType: 'user';
  readonly aggregateId: string;
  readonly resourceOwner: string;
};

/**
 * Events of linking a user to accounts at identity providers.
 *
 * @throws {RpcError} COMMAND-39nf2 for an unknown provider, V3-DKcYh for an account that is linked already
 */
export function idpLinkDrafts(call: Call, of: Aggregate, links: readonly Message[]): readonly AnyDraft[] {
  return links.map((link) => {
    const idpConfigId = link.id('idpId');
    const userId = link.id('userId');
    const displayName = link.string('userName', { max: 200 });
    if (!call.fresh.idps.has(idpConfigId)) {
      throw failedPrecondition('COMMAND-39nf2', 'Errors.IDPConfig.NotExisting');
    }
    const taken = [...call.fresh.idpLinks.values()].some((all) =>
      all.some((other) => other.idpId === idpConfigId && other.externalId === userId),
    );
    if (taken) throw alreadyExists('V3-DKcYh', 'Errors.User.ExternalIDP.AlreadyExists');
    return { ...of, type: 'user.human.externalidp.added', payload: { idpConfigId, userId, displayName } };
  });
}

/** AddIDPLink (internal/command/user_idp_link.go). */
export const addIdpLink: Handler = (call, input) => {
  const user = existingUser(call.fresh, input.id('userId'), 'COMMAND-ieJ2e');
  if (user.id !== call.caller.userId) call.require('user.write', user.organizationId);
  const of = { aggregateType: 'user', aggregateId: user.id, resourceOwner: user.organizationId } as const;
  return { details: detailsOf(call.push(...idpLinkDrafts(call, of, [input.requiredMessage('idpLink')]))) };
};

/** RemoveIDPLink: a link that is not there is NotFound. */
export const removeIdpLink: Handler = (call, input) => {
  const user = existingUser(call.fresh, input.id('userId'), 'COMMAND-ieJ2e');
  if (user.id !== call.caller.userId) call.require('user.write', user.organizationId);
  const idpConfigId = input.id('idpId');
  const userId = input.id('linkedUserId');
  const known = (call.fresh.idpLinks.get(user.id) ?? []).some(
    (link) => link.idpId === idpConfigId && link.externalId === userId,
  );
  if (!known) throw notFound('COMMAND-1M9xR', 'Errors.User.ExternalIDP.NotFound');
  const event = call.push({
    aggregateType: 'user',
    aggregateId: user.id,
    resourceOwner: user.organizationId,
    type: 'user.human.externalidp.removed',
    payload: { idpConfigId, userId },
  });
  return { details: detailsOf(event) };
};

export const listIdpLinks: Handler = (call, input) => {
  const state = call.lagging;
  const user = call.fresh.users.get(input.id('userId'));
  if (user && user.id !== call.caller.userId) call.require('user.read', user.organizationId);
  const links = sortedBy(state.idpLinks.get(user?.id ?? '') ?? [], (link) => link.externalId);
  const { rows, total } = pageOf(links, oldPaging(input));
  return {
    details: listDetails(state, total),
    result: rows.map(({ idpId, externalId, name }) => ({ idpId, userId: externalId, userName: name })),
  };
};
