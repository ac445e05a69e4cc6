import { z } from 'zod';
import { listOrganizations } from '../organizations/index.ts';
import { callerOf } from './access.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';
import { showOrganization } from './views.ts';

/** Routes that show callers where they are: `/api/me` and `/api/organizations`. */
export function organizationRoutes(app: Api, { database }: ApiServices): void {
  app.route({
    method: 'GET',
    url: '/api/me',
    config: { access: { kind: 'signed-in' } },
    schema: { summary: 'Who I am and what I may do', response: { 200: schemas.me, ...schemas.problems } },
    handler: async (request) => {
      const { subject, userId, siteAdministrator, permissions } = callerOf(request);
      const organizations = await listOrganizations(database, [...permissions.keys()]);
      return {
        subject,
        userId: userId ?? null,
        siteAdministrator,
        organizations: organizations.map(({ id, slug, name }) => ({
          id,
          slug,
          name,
          permissions: [...(permissions.get(id) ?? [])],
        })),
      };
    },
  });

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
}
