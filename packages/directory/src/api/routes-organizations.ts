import { DrawbridgeError, Secret } from '@drawbridge/kit';
import { z } from 'zod';
import { violatedUnique } from '../database/index.ts';
import {
  addOrganization,
  changeOrganization,
  findOrganization,
  listOrganizations,
} from '../organizations/index.ts';
import { callerOf, organizationOf } from './access.ts';
import { askedBy } from './asked.ts';
import { versionOf } from './etag.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';
import { showOrganization } from './views.ts';

/** Routes under `/api/organizations` and `/api/roles`. */
export function organizationRoutes(app: Api, { database, engine, sealer, integrations }: ApiServices): void {
  const organizationId = async ({ params }: { params: unknown }) =>
    (await findOrganization(database, (params as z.infer<typeof schemas.idParams>).id))?.id;

  app.route({
    method: 'GET',
    url: '/api/organizations',
    config: { access: { kind: 'signed-in' } },
    schema: {
      summary: 'List the organizations the caller may see',
      response: { 200: z.object({ items: z.array(schemas.organization) }), ...schemas.problems },
    },
    handler: async (request) => {
      const { siteAdministrator, permissions } = callerOf(request);
      const found = await listOrganizations(
        database,
        siteAdministrator ? undefined : [...permissions.keys()],
      );
      return { items: found.map(showOrganization) };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/organizations',
    config: { access: { kind: 'site' } },
    schema: {
      summary: 'Add an organization; nothing is provisioned for it before it is mapped',
      body: schemas.addOrganization,
      response: { 201: schemas.organization, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { slug, name } = request.body;
      const { id: integrationId } = await integrations.primary();
      try {
        const id = await database.transaction((trx) =>
          addOrganization(trx, { slug, name, integrationId, ...askedBy(request), at: engine.now() }),
        );
        const added = await findOrganization(database, id);
        if (!added) throw new DrawbridgeError('not_found');
        return await reply
          .status(201)
          .header('location', `/api/organizations/${id}`)
          .send(showOrganization(added));
      } catch (error) {
        if (violatedUnique(error) !== 'organizations_slug_key') throw error;
        throw new DrawbridgeError('conflict', { message: `There is an organization "${slug}" already.` });
      }
    },
  });

  app.route({
    method: 'GET',
    url: '/api/organizations/:id',
    config: { access: { kind: 'organization', permission: 'users.read', organizationId } },
    schema: {
      summary: 'Read an organization',
      params: schemas.idParams,
      response: { 200: schemas.organization, ...schemas.problems },
    },
    handler: async (request) => {
      const found = await findOrganization(database, organizationOf(request));
      if (!found) throw new DrawbridgeError('not_found');
      return showOrganization(found);
    },
  });

  app.route({
    method: 'PATCH',
    url: '/api/organizations/:id',
    config: { access: { kind: 'organization', permission: 'settings.write', organizationId } },
    schema: {
      summary: 'Change the settings of an organization',
      params: schemas.idParams,
      headers: schemas.ifMatchHeaders,
      body: schemas.changeOrganization,
      response: { 200: schemas.organization, ...schemas.problems },
    },
    handler: async (request) => {
      const { reason, serviceAccount, netbirdIntegrationId, ...rest } = request.body;
      // Whose key and whose NetBird is used reaches beyond one organization.
      const siteOnly = serviceAccount !== undefined || netbirdIntegrationId !== undefined;
      if (siteOnly && !callerOf(request).siteAdministrator) {
        throw new DrawbridgeError('forbidden', {
          message: 'Service account and NetBird of an organization are set by site administrators.',
        });
      }
      const change = {
        ...rest,
        ...(netbirdIntegrationId === undefined ? {} : { netbirdIntegrationId }),
        ...(serviceAccount === undefined
          ? {}
          : { serviceAccount: serviceAccount === null ? null : new Secret(serviceAccount) }),
      };
      const who = { ...askedBy(request), reason, at: engine.now() };
      return showOrganization(
        await changeOrganization(
          database,
          sealer,
          organizationOf(request),
          withoutUndefined(change),
          who,
          versionOf(request),
        ),
      );
    },
  });

  app.route({
    method: 'GET',
    url: '/api/roles',
    config: { access: { kind: 'signed-in' } },
    schema: {
      summary: 'List the roles that memberships may have',
      response: { 200: z.object({ items: z.array(schemas.role) }), ...schemas.problems },
    },
    handler: async () => {
      const rows = await database.read((db) => db.selectFrom('roles').selectAll().orderBy('key').execute());
      return {
        items: rows.map(({ key, display_name, permissions }) => ({
          key,
          displayName: display_name,
          permissions,
        })),
      };
    },
  });
}

/** The same object without keys whose value is undefined, as `exactOptionalPropertyTypes` wants it. */
function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
