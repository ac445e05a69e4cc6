import { DrawbridgeError, Secret } from '@drawbridge/kit';
import { z } from 'zod';
import { findOrganization } from '../organizations/index.ts';
import {
  changeUser,
  createUser,
  getUser,
  inviteUser,
  listUsers,
  removeUser,
  userStates,
} from '../users/index.ts';
import { organizationOf } from './access.ts';
import { answerRun, answerUser } from './answer-run.ts';
import { askedBy } from './asked.ts';
import { versionOf } from './etag.ts';
import { requireRank } from './rank.ts';
import * as schemas from './schemas.ts';
import { listed, without, withoutText, words } from './schemas-filters.ts';
import type { Api, ApiServices } from './services.ts';
import { showUser } from './views.ts';
import { anyOrganization, homeOrganization } from './whose-user.ts';

const listQuery = z.strictObject({
  organization: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Id or slug. Site administrators may leave it out.'),
  email: z.string().max(200).optional(),
  q: words('the name, or of the address'),
  state: z.enum(userStates).optional(),
  role: z.string().max(200).optional(),
  'email!': withoutText,
  'q!': withoutText,
  'state!': without(z.enum(userStates)),
  'role!': withoutText,
  sort: z.enum(['created', 'name', 'email', '-changed']).default('created'),
  after: z.string().max(1_000).optional().describe('The cursor `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  count: z.stringbool().default(false).describe('Also count all that match.'),
});
const createHeaders = schemas.preferHeaders.extend({ 'idempotency-key': schemas.idempotencyKey.optional() });
const changeHeaders = schemas.preferHeaders.extend(schemas.ifMatchHeaders.shape);

/** Routes under `/api/users`. */
export function userRoutes(app: Api, services: ApiServices): void {
  const { database } = services;
  const organizationId = async (idOrSlug: string) => (await findOrganization(database, idOrSlug))?.id;
  const reading = { kind: 'organization' as const, permission: 'users.read' as const };
  const writing = { kind: 'organization' as const, permission: 'users.write' as const };

  app.route({
    method: 'POST',
    url: '/api/users',
    config: {
      ownIdempotency: true,
      access: {
        ...writing,
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
      const { organization: _named, password, signIn, identityProviderUserId, ...names } = request.body;
      await requireRank(database, request, { roles: [names.role] });
      const key = request.headers['idempotency-key'];
      const created = await createUser(services, {
        ...askedBy(request),
        ...names,
        organizationId: organizationOf(request),
        ...(signIn === undefined ? {} : { signIn }),
        ...(password === undefined ? {} : { password: new Secret(password) }),
        ...(identityProviderUserId === undefined ? {} : { identityProviderUserId }),
        ...(key === undefined ? {} : { idempotencyKey: key }),
      });
      const run = await answerRun(services, request, reply, created);
      return { user: await answerUser(services, created), run };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/users',
    config: {
      access: {
        ...reading,
        organizationId: async ({ query }) => {
          const { organization } = query as z.infer<typeof listQuery>;
          return organization === undefined ? null : await organizationId(organization);
        },
      },
    },
    schema: {
      summary: 'List users',
      querystring: listQuery,
      response: { 200: schemas.userPage, ...schemas.problems },
    },
    handler: async (request) => {
      const { organization, email, q, state, role, after, sort, limit, count, ...left } = request.query;
      const page = await listUsers(database, {
        sort,
        limit,
        count,
        without: {
          emails: listed(left['email!']),
          words: listed(left['q!']),
          states: listed(left['state!']),
          roles: listed(left['role!']),
        },
        ...(organization === undefined ? {} : { organizationId: organizationOf(request) }),
        ...(email === undefined ? {} : { email }),
        ...(q === undefined ? {} : { q }),
        ...(state === undefined ? {} : { state }),
        ...(role === undefined ? {} : { role }),
        ...(after === undefined ? {} : { after }),
      });
      const { items, next = null, total } = page;
      return { items: items.map(showUser), next, ...(total === undefined ? {} : { total }) };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/users/:id',
    config: { access: { ...reading, organizationId: (request) => anyOrganization(services, request) } },
    schema: {
      summary: 'Read a user',
      params: schemas.idParams,
      response: { 200: schemas.user, ...schemas.problems },
    },
    handler: async (request) => {
      const user = await getUser(database, request.params.id);
      if (!user) throw new DrawbridgeError('not_found');
      return showUser(user);
    },
  });

  app.route({
    method: 'PATCH',
    url: '/api/users/:id',
    config: { access: { ...writing, organizationId: (request) => homeOrganization(services, request) } },
    schema: {
      summary: "Change a user's names or role",
      params: schemas.idParams,
      headers: changeHeaders,
      body: schemas.changeUser,
      response: { 202: schemas.accepted, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { reason, givenName, familyName, role } = request.body;
      await requireRank(database, request, { roles: [role], userId: request.params.id });
      const change = {
        ...(givenName === undefined ? {} : { givenName }),
        ...(familyName === undefined ? {} : { familyName }),
        ...(role === undefined ? {} : { role }),
      };
      const who = askedBy(request, reason);
      const started = await changeUser(services, request.params.id, change, who, versionOf(request));
      const run = await answerRun(services, request, reply, started);
      return { user: await answerUser(services, started), run };
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/users/:id',
    config: { access: { ...writing, organizationId: (request) => homeOrganization(services, request) } },
    schema: {
      summary: 'Delete a user here, in NetBird and in Zitadel',
      params: schemas.idParams,
      headers: changeHeaders,
      body: schemas.reasoned,
      response: { 202: schemas.acceptedRun, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { reason } = request.body;
      await requireRank(database, request, { userId: request.params.id });
      const version = versionOf(request);
      const who = { ...askedBy(request), reason };
      const options = version === undefined ? {} : { version };
      const started = await removeUser(services, request.params.id, who, options);
      return { run: await answerRun(services, request, reply, started) };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/users/:id/invitation',
    config: { access: { ...writing, organizationId: (request) => homeOrganization(services, request) } },
    schema: {
      summary: 'Send the invitation again',
      params: schemas.idParams,
      headers: schemas.preferHeaders,
      response: { 202: schemas.accepted, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const started = await inviteUser(services, request.params.id, askedBy(request));
      const run = await answerRun(services, request, reply, started);
      return { user: await answerUser(services, started), run };
    },
  });
}
