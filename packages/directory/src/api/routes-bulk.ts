import { DrawbridgeError } from '@drawbridge/kit';
import { z } from 'zod';
import { findOrganization } from '../organizations/index.ts';
import { bulk, getUser } from '../users/index.ts';
import { organizationOf } from './access.ts';
import { askedBy } from './asked.ts';
import { nothingHere } from './caller.ts';
import { requireRank } from './rank.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';

const body = z
  .strictObject({
    organization: z.string().min(1).max(200).describe('Id or slug; all users are at home in it.'),
    action: z.enum(['activate', 'deactivate', 'invite', 'set-role']),
    ids: z.array(z.string().min(1).max(200)).min(1).max(1_000),
    role: z.string().min(1).max(200).optional().describe('With set-role.'),
    reason: schemas.reason,
  })
  .refine(({ action, role }) => (action === 'set-role') === (role !== undefined), {
    path: ['role'],
    message: 'is given exactly with set-role',
  })
  .meta({ id: 'Bulk' });
const result = z
  .object({
    batchId: z.string().describe('Runs of this action: GET /api/runs?batch='),
    items: z.array(
      z.union([
        z.object({ id: z.string(), runId: z.string() }),
        z.object({ id: z.string(), code: z.string(), message: z.string() }),
      ]),
    ),
  })
  .meta({ id: 'BulkResult' });

/** The same for many users, each with a run of its own. */
export function bulkRoutes(app: Api, services: ApiServices): void {
  const { database } = services;
  app.route({
    method: 'POST',
    url: '/api/users/bulk',
    config: {
      access: {
        kind: 'organization',
        permission: 'users.write',
        organizationId: async ({ body: asked }) =>
          (await findOrganization(database, (asked as z.infer<typeof body>).organization))?.id,
      },
    },
    schema: {
      summary: 'Activate, deactivate or invite many users, or set their role',
      body,
      response: { 202: result, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { ids, reason, action, role } = request.body;
      const organizationId = organizationOf(request);
      await requireRank(database, request, { roles: [role] });
      const asked = action === 'set-role' ? ({ action, role: role ?? '' } as const) : ({ action } as const);
      const { batchId, items } = await bulk(services, ids, asked, askedBy(request, reason), async (id) => {
        if ((await getUser(database, id))?.user.organization_id !== organizationId)
          throw new DrawbridgeError('not_found', { message: nothingHere });
        await requireRank(database, request, { userId: id });
      });
      return reply.status(202).send({ batchId, items: [...items] });
    },
  });
}
