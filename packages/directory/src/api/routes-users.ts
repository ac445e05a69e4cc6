import { DrawbridgeError } from '@drawbridge/kit';
import { z } from 'zod';
import { findOrganization } from '../organizations/index.ts';
import { createUser, getUser, listUsers } from '../users/index.ts';
import { callerOf, organizationOf } from './access.ts';
import { preferredWait, settledRun } from './prefer.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';
import { showRun, showUser } from './views.ts';

const userParams = z.object({ id: z.string().max(200) });
const listQuery = z.strictObject({
  organization: z.string().min(1).max(200).describe('Id or slug.'),
  email: z.string().max(200).optional(),
  after: z.string().max(200).optional().describe('The cursor `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
// RFC 8941 would quote the key; both forms are in use, so that any printable text is taken.
const createHeaders = z.object({
  prefer: z
    .string()
    .max(200)
    .optional()
    .describe('wait=N: answer when the run is over, at latest after N seconds (RFC 7240).'),
  'idempotency-key': z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\x21-\x7e]+$/)
    .optional(),
});

/** Routes under `/api/users`. */
export function userRoutes(app: Api, services: ApiServices): void {
  const { database, engine, createUserSaga, closing } = services;
  const organizationId = async (idOrSlug: string) => (await findOrganization(database, idOrSlug))?.id;

  app.route({
    method: 'POST',
    url: '/api/users',
    config: {
      access: {
        kind: 'organization',
        permission: 'users.write',
        organizationId: ({ body }) =>
          organizationId((body as z.infer<typeof schemas.createUser>).organization),
      },
    },
    schema: {
      summary: 'Create a user and provision it into Zitadel',
      description:
        'Answers at once, or with Prefer: wait=N when the run is over; the run tells how far it is. The same Idempotency-Key creates once.',
      body: schemas.createUser,
      headers: createHeaders,
      response: { 202: schemas.accepted, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { email, givenName, familyName, role } = request.body;
      const key = request.headers['idempotency-key'];
      const created = await createUser(database, engine, createUserSaga, {
        organizationId: organizationOf(request),
        email,
        givenName,
        familyName,
        role,
        actor: callerOf(request).subject,
        requestId: request.id,
        ...(key === undefined ? {} : { idempotencyKey: key }),
      });
      const wait = preferredWait(request.headers.prefer);
      const { run, steps } = await settledRun(database, engine.clock, created.runId, wait ?? 0, closing);
      const user = await getUser(database, created.userId);
      if (!user)
        throw new DrawbridgeError('not_found', { message: 'The user of this key was removed since.' });
      if (wait !== undefined) void reply.header('preference-applied', `wait=${wait}`);
      return reply
        .status(202)
        .header('location', `/api/runs/${created.runId}`)
        .send({ user: showUser(user), run: showRun(run, steps) });
    },
  });

  app.route({
    method: 'GET',
    url: '/api/users',
    config: {
      access: {
        kind: 'organization',
        permission: 'users.read',
        organizationId: ({ query }) => organizationId((query as z.infer<typeof listQuery>).organization),
      },
    },
    schema: {
      summary: 'List the users of an organization',
      querystring: listQuery,
      response: { 200: schemas.userPage, ...schemas.problems },
    },
    handler: async (request) => {
      const { email, after, limit } = request.query;
      const page = await listUsers(database, {
        organizationId: organizationOf(request),
        limit,
        ...(email === undefined ? {} : { email }),
        ...(after === undefined ? {} : { after }),
      });
      return { items: page.items.map(showUser), next: page.next ?? null };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/users/:id',
    config: {
      access: {
        kind: 'organization',
        permission: 'users.read',
        organizationId: async ({ params }) =>
          (await getUser(database, (params as z.infer<typeof userParams>).id))?.user.organization_id,
      },
    },
    schema: {
      summary: 'Read a user',
      params: userParams,
      response: { 200: schemas.user, ...schemas.problems },
    },
    handler: async (request) => {
      const user = await getUser(database, request.params.id);
      if (!user) throw new DrawbridgeError('not_found');
      return showUser(user);
    },
  });
}
