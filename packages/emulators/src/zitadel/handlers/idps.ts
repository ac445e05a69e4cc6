import { notFound } from '../errors.ts';
import { timestamp, uint64 } from '../wire/index.ts';
import { detailsOf, type Handler } from './call.ts';

/** GetIDPByID waits for the projection; secrets of a provider are never shown (internal/api/grpc/idp/v2/query.go). */
export const getIdpById: Handler = (call, input) => {
  call.require('iam.idp.read', '');
  const row = call.fresh.idps.get(input.id('id'));
  if (!row) throw notFound('QUERY-SAFrt', 'Errors.IDPConfig.NotExisting');
  return {
    idp: {
      id: row.id,
      details: {
        sequence: uint64(row.sequence),
        changeDate: timestamp(row.createdAt),
        resourceOwner: call.fresh.instance.id,
        creationDate: timestamp(row.createdAt),
      },
      state: 'IDP_STATE_ACTIVE',
      name: row.name,
      type: 'IDP_TYPE_OIDC',
      config: {
        options: { isLinkingAllowed: true, isCreationAllowed: true },
        oidc: { issuer: row.issuer, clientId: row.clientId, scopes: row.scopes },
      },
    },
  };
};

/** AddGenericOIDCProvider of the v1 admin API: how an instance gets an identity provider (proto/zitadel/admin.proto). */
export const addGenericOidcProvider: Handler = (call, input) => {
  call.require('iam.idp.write', '');
  const id = call.kernel.newId();
  const scopes = input.strings('scopes');
  const name = input.string('name', { min: 1, max: 200 });
  const issuer = input.string('issuer', { min: 1, max: 200 });
  const clientId = input.string('clientId', { min: 1, max: 200 });
  // The secret would be sealed into the event; nobody signs in through the emulator's providers, so it is not kept.
  input.string('clientSecret', { min: 1, max: 1000 });
  const { id: instanceId } = call.fresh.instance;
  const event = call.push({
    aggregateType: 'instance',
    aggregateId: instanceId,
    resourceOwner: instanceId,
    type: 'instance.idp.oidc.added',
    payload: { id, name, issuer, clientId, scopes },
  });
  return { details: detailsOf(event), id };
};
