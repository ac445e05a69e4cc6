import { z } from 'zod';
import { findOrganization } from '../organizations/index.ts';
import { addMembership, removeMembership, requestState } from '../users/index.ts';
import { organizationOf } from './access.ts';
import { answerRun, answerUser } from './answer-run.ts';
import { askedBy } from './asked.ts';
import { versionOf } from './etag.ts';
import { requireOurProject, requireOwnMember } from './our-project.ts';
import { requireRank } from './rank.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';
import { homeOrganization } from './whose-user.ts';

const stateHeaders = schemas.preferHeaders.extend(schemas.ifMatchHeaders.shape);
const memberBody = z
  .strictObject({
    organization: z.string().min(1).max(200).describe('Id or slug of the organization to be a member in.'),
    userId: z.string().min(1).max(200),
    role: z.string().min(1).max(200).default('user').describe('Role key: admin, manager or user.'),
    reason: schemas.reason.optional(),
  })
  .meta({ id: 'AddMember' });
const memberParams = z.object({ id: z.string().max(200), userId: z.string().max(200) });
const memberQuery = z.strictObject({
  organization: z.string().min(1).max(200).describe('Id or slug of the organization to leave.'),
});

/** Routes that the founding document names, about users and members. */
export function zitadelRoutes(app: Api, services: ApiServices): void {
  const { database } = services;

  for (const verb of ['activate', 'deactivate'] as const) {
    app.route({
      method: 'POST',
      url: `/api/zitadel/users/:id/${verb}`,
      config: {
        access: {
          kind: 'organization',
          permission: 'users.write',
          organizationId: (request) => homeOrganization(services, request),
        },
      },
      schema: {
        summary:
          verb === 'activate'
            ? 'Activate a user in Zitadel and here, and unblock NetBird'
            : 'Deactivate a user in Zitadel and here, end sessions, block NetBird',
        params: schemas.idParams,
        headers: stateHeaders,
        body: schemas.perhapsReasoned,
        response: { 202: schemas.accepted, ...schemas.problems },
      },
      handler: async (request, reply) => {
        await requireRank(database, request, { userId: request.params.id });
        const who = askedBy(request, request.body?.reason);
        const version = versionOf(request);
        const started = await requestState(services, request.params.id, verb === 'activate', who, version);
        const run = await answerRun(services, request, reply, started);
        return { user: await answerUser(services, started), run };
      },
    });
  }

  app.route({
    method: 'POST',
    url: '/api/zitadel/projects/:id/members',
    config: {
      access: {
        kind: 'organization',
        permission: 'users.write',
        organizationId: async ({ body }) =>
          (await findOrganization(database, (body as z.infer<typeof memberBody>).organization))?.id,
      },
    },
    schema: {
      summary: 'Give a user a role in a project, within an organization',
      description:
        "The project is the application's or the organization's NetBird project; a member has both, so that either id asks for the same.",
      params: schemas.idParams,
      headers: schemas.preferHeaders,
      body: memberBody,
      response: { 202: schemas.accepted, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { userId, role, reason } = request.body;
      const organizationId = organizationOf(request);
      await requireOurProject(database, request.params.id, organizationId);
      await requireRank(database, request, { roles: [role], userId });
      await requireOwnMember(database, request, userId, organizationId);
      const started = await addMembership(services, userId, organizationId, role, askedBy(request, reason));
      const run = await answerRun(services, request, reply, started);
      return { user: await answerUser(services, started), run };
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/zitadel/projects/:id/members/:userId',
    config: {
      access: {
        kind: 'organization',
        permission: 'users.write',
        organizationId: async ({ query }) =>
          (await findOrganization(database, (query as z.infer<typeof memberQuery>).organization))?.id,
      },
    },
    schema: {
      summary: "Take a user's roles in an organization away",
      params: memberParams,
      querystring: memberQuery,
      headers: schemas.preferHeaders,
      response: { 202: schemas.acceptedRun, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { id, userId } = request.params;
      await requireRank(database, request, { userId });
      const organizationId = organizationOf(request);
      await requireOurProject(database, id, organizationId);
      const started = await removeMembership(services, userId, organizationId, askedBy(request));
      return { run: await answerRun(services, request, reply, started) };
    },
  });
}
