import { lastSignIns } from '@drawbridge/events';
import { z } from 'zod';
import { recordAudit } from '../audit/index.ts';
import { findOrganization } from '../organizations/index.ts';
import {
  addServiceAccountKey,
  listServiceAccounts,
  removeServiceAccountKey,
  type ServiceAccount,
} from '../service-accounts/index.ts';
import { organizationOf } from './access.ts';
import { askedBy } from './asked.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';

const inOrganization = z.strictObject({
  organization: z.string().min(1).max(200).describe('Id or slug.'),
});
const serviceAccount = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    state: z.string(),
    roles: z
      .object({
        has: z.array(z.string()),
        needs: z.array(z.string()).optional(),
        missing: z.array(z.string()).optional().describe('Needed, and not within a role it has.'),
        superfluous: z.array(z.string()).optional().describe('Held, and not needed for its job.'),
      })
      .describe('`needs` and what follows from it only of accounts that the directory itself signs in as.'),
    keys: z.array(
      z.object({ id: z.string(), createdAt: z.string().nullable(), expiresAt: z.string().nullable() }),
    ),
    lastUsedAt: z.iso
      .datetime()
      .nullable()
      .describe('When it last earned a token, as far as events say that are still kept.'),
  })
  .meta({ id: 'ServiceAccount' });
const addKey = z
  .strictObject({
    expiresInDays: z.int().min(1).max(365).default(90),
    reason: schemas.reason.optional(),
  })
  .nullish();
const newKey = z
  .object({ keyId: z.string(), expiresAt: z.iso.datetime(), key: z.unknown().describe('Shown this once.') })
  .meta({ id: 'NewKey' });
const keyParams = z.object({ id: z.string().max(200), keyId: z.string().max(200) });
const day = 86_400_000;

/** Machine users of an organization and their keys. */
export function serviceAccountRoutes(app: Api, { database, integrations, engine }: ApiServices): void {
  const signal = () => AbortSignal.timeout(15_000);
  const organizationId = async ({ query }: { query: unknown }) =>
    (await findOrganization(database, (query as z.infer<typeof inOrganization>).organization))?.id;

  app.route({
    method: 'GET',
    url: '/api/service-accounts',
    config: { access: { kind: 'organization', permission: 'accounts.read', organizationId } },
    schema: {
      summary: 'List the service accounts of an organization with their keys',
      querystring: inOrganization,
      response: { 200: z.object({ items: z.array(serviceAccount) }), ...schemas.problems },
    },
    handler: async (request) => {
      const tenant = await integrations.tenant(organizationOf(request));
      const accounts = await listServiceAccounts(integrations, tenant, signal());
      const ids = accounts.map(({ id }) => id);
      const used = await database.read((db) => lastSignIns(db, ids));
      return {
        items: accounts.map(({ roles, keys, ...account }) => ({
          ...account,
          roles: rolesView(roles),
          keys: [...keys],
          lastUsedAt: used.get(account.id)?.toISOString() ?? null,
        })),
      };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/service-accounts/:id/keys',
    // The answer holds a private key, which is kept nowhere.
    config: {
      ownIdempotency: true,
      access: { kind: 'organization', permission: 'accounts.write', organizationId },
    },
    schema: {
      summary: 'Make a key for a service account; it is shown this once',
      params: schemas.idParams,
      querystring: inOrganization,
      body: addKey,
      response: { 201: newKey, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { expiresInDays = 90, reason } = request.body ?? {};
      const expiresAt = new Date(engine.clock.now() + expiresInDays * day);
      const tenant = await integrations.tenant(organizationOf(request));
      const { id } = request.params;
      const { keyId, keyFile } = await addServiceAccountKey(tenant, id, expiresAt, signal());
      await database.transaction((trx) =>
        recordAudit(trx, {
          ...askedBy(request, reason),
          organizationId: organizationOf(request),
          action: 'service_account.key_add',
          objectType: 'service_account',
          objectId: id,
          to: { keyId, expiresAt },
          at: engine.now(),
        }),
      );
      void reply.header('cache-control', 'no-store');
      return await reply
        .status(201)
        .send({ keyId, expiresAt: expiresAt.toISOString(), key: JSON.parse(keyFile.expose()) as unknown });
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/service-accounts/:id/keys/:keyId',
    config: { access: { kind: 'organization', permission: 'accounts.write', organizationId } },
    schema: {
      summary: 'Remove a key; whatever uses it stops at once',
      params: keyParams,
      querystring: inOrganization,
      body: schemas.reasoned,
      response: { 204: z.null(), ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { id, keyId } = request.params;
      const tenant = await integrations.tenant(organizationOf(request));
      await removeServiceAccountKey(tenant, id, keyId, signal());
      await database.transaction((trx) =>
        recordAudit(trx, {
          ...askedBy(request, request.body.reason),
          organizationId: organizationOf(request),
          action: 'service_account.key_remove',
          objectType: 'service_account',
          objectId: id,
          from: { keyId },
          at: engine.now(),
        }),
      );
      return await reply.status(204).send(null);
    },
  });
}

function rolesView(roles: ServiceAccount['roles']): z.infer<typeof serviceAccount>['roles'] {
  if (!('needs' in roles)) return { has: [...roles.has] };
  const { has, needs, missing, superfluous } = roles;
  return { has: [...has], needs: [...needs], missing: [...missing], superfluous: [...superfluous] };
}
