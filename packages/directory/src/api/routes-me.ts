import { DrawbridgeError } from '@drawbridge/kit';
import { z } from 'zod';
import { recordAudit } from '../audit/index.ts';
import type { Database } from '../database/index.ts';
import { findOrganization, listOrganizations } from '../organizations/index.ts';
import { callerOf } from './access.ts';
import type { Acting } from './browser-sessions.ts';
import { type Caller, nothingHere } from './caller.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';

const actingBody = z
  .strictObject({
    organization: z.string().min(1).max(200).describe('Id or slug.'),
    reason: z.string().trim().min(1).max(500),
  })
  .meta({ id: 'ActIn' });
const acting = z.object({ acting: schemas.acting.nullable() });

/** Routes under `/api/me`: who the caller is, and where a site administrator acts. */
export function meRoutes(app: Api, services: ApiServices): void {
  const { database, engine, sessions } = services;

  app.route({
    method: 'GET',
    url: '/api/me',
    config: { access: { kind: 'signed-in' } },
    schema: { summary: 'Who I am and what I may do', response: { 200: schemas.me, ...schemas.problems } },
    handler: async (request) => await describe(database, callerOf(request)),
  });

  const switchTo = async (caller: Caller, requestId: string, to: Acting | undefined) => {
    const { session } = caller;
    if (!session || !sessions) {
      throw new DrawbridgeError('invalid_request', {
        message: 'Only a session is somewhere: a bearer token needs no switch.',
      });
    }
    const from = session.acting?.organizationId ?? null;
    const organizationId = to?.organizationId ?? null;
    if (from === null && organizationId === null) return;
    await database.transaction(async (trx) => {
      await sessions.act(trx, session, to);
      await recordAudit(trx, {
        organizationId: organizationId ?? from ?? '',
        actor: caller.subject,
        action: 'organization.switch',
        objectType: 'organization',
        objectId: organizationId ?? from ?? '',
        from,
        to: organizationId,
        reason: to?.reason ?? 'left',
        requestId,
        at: new Date(engine.clock.now()),
      });
    });
  };

  app.route({
    method: 'POST',
    url: '/api/me/acting',
    config: { access: { kind: 'site' } },
    schema: {
      summary: 'Say why I act in an organization that is not mine',
      description: 'Needed once before a site administrator changes anything there in a session; audited.',
      body: actingBody,
      response: { 200: acting, ...schemas.problems },
    },
    handler: async (request) => {
      const { organization, reason } = request.body;
      const found = await findOrganization(database, organization);
      if (!found) throw new DrawbridgeError('not_found', { message: nothingHere });
      const to = { organizationId: found.id, reason };
      await switchTo(callerOf(request), request.id, to);
      return { acting: to };
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/me/acting',
    config: { access: { kind: 'site' } },
    schema: {
      summary: 'Act in no other organization any more',
      response: { 200: acting, ...schemas.problems },
    },
    handler: async (request) => {
      await switchTo(callerOf(request), request.id, undefined);
      return { acting: null };
    },
  });
}

async function describe(database: Database, caller: Caller): Promise<z.infer<typeof schemas.me>> {
  const { subject, userId, siteAdministrator, permissions, session } = caller;
  const organizations = await listOrganizations(database, [...permissions.keys()]);
  const known =
    session ?? (userId === undefined ? { name: null, email: null } : await nameOf(database, userId));
  return {
    subject,
    userId: userId ?? null,
    name: known.name,
    email: known.email,
    siteAdministrator,
    application: session?.application ?? null,
    ...(session ? { csrfToken: session.csrfToken } : {}),
    acting: session?.acting ?? null,
    organizations: organizations.map(({ id, slug, name }) => ({
      id,
      slug,
      name,
      permissions: [...(permissions.get(id) ?? [])],
    })),
  };
}

async function nameOf(database: Database, userId: string) {
  const user = await database.read((db) =>
    db
      .selectFrom('users')
      .select(['given_name', 'family_name', 'email'])
      .where('id', '=', userId)
      .executeTakeFirstOrThrow(),
  );
  return { name: `${user.given_name} ${user.family_name}`.trim(), email: user.email };
}
