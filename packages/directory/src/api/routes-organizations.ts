import { z } from 'zod';
import { listOrganizations } from '../organizations/index.ts';
import { callerOf } from './access.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';
import { showOrganization } from './views.ts';

/** Routes under `/api/organizations`. */
export function organizationRoutes(app: Api, { database }: ApiServices): void {
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
