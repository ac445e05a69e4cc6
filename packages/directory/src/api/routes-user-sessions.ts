import { DrawbridgeError } from '@drawbridge/kit';
import { recordAudit } from '../audit/index.ts';
import { endOtherSessions, endSession, listSessions, readDevices } from '../places/index.ts';
import { getUser } from '../users/index.ts';
import { organizationOf } from './access.ts';
import { askedBy } from './asked.ts';
import { requireRank } from './rank.ts';
import * as schemas from './schemas.ts';
import { devices, ended, sessionParams, sessions, showDevices, showSessions } from './schemas-places.ts';
import type { Api, ApiServices } from './services.ts';
import { homeOrganization } from './whose-user.ts';

/** Where a user is signed in, and with which devices. */
export function userSessionRoutes(app: Api, services: ApiServices): void {
  const { database, integrations, engine } = services;
  const { clock } = engine;
  const signal = () => AbortSignal.timeout(10_000);
  const view = async (id: string) => {
    const found = await getUser(database, id);
    if (!found) throw new DrawbridgeError('not_found');
    return found;
  };
  const subject = async (id: string) => {
    const { user } = await view(id);
    if (user.zitadel_user_id === null) throw new DrawbridgeError('user_not_provisioned');
    const { zitadel } = await integrations.tenant(user.organization_id);
    return { zitadel, zitadelUserId: user.zitadel_user_id, user };
  };

  app.route({
    method: 'GET',
    url: '/api/users/:id/sessions',
    config: {
      access: {
        kind: 'organization',
        permission: 'sessions.read',
        organizationId: (request) => homeOrganization(services, request),
      },
    },
    schema: {
      summary: 'List where a user is signed in',
      params: schemas.idParams,
      response: { 200: sessions, ...schemas.problems },
    },
    handler: async (request) => {
      const { zitadel, zitadelUserId } = await subject(request.params.id);
      const items = await listSessions(zitadel, zitadelUserId, clock.now(), signal());
      return showSessions(items, clock.now(), request.caller?.session?.zitadelSessionId);
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/users/:id/sessions/:sessionId',
    config: {
      access: {
        kind: 'organization',
        permission: 'sessions.write',
        organizationId: (request) => homeOrganization(services, request),
      },
    },
    schema: {
      summary: 'End one session of a user',
      params: sessionParams,
      response: { 200: ended, ...schemas.problems },
    },
    handler: async (request) => {
      const { id, sessionId } = request.params;
      await requireRank(database, request, { userId: id });
      const { zitadel, zitadelUserId, user } = await subject(id);
      await endSession(zitadel, zitadelUserId, sessionId, signal());
      await database.transaction(async (trx) => {
        await trx.deleteFrom('web_sessions').where('zitadel_session_id', '=', sessionId).execute();
        await recordAudit(trx, {
          ...askedBy(request),
          organizationId: organizationOf(request),
          action: 'session.end',
          objectType: 'user',
          objectId: user.id,
          to: { session: sessionId },
          at: engine.now(),
        });
      });
      return { ended: 1 };
    },
  });

  app.route({
    method: 'DELETE',
    url: '/api/users/:id/sessions',
    config: {
      access: {
        kind: 'organization',
        permission: 'sessions.write',
        organizationId: (request) => homeOrganization(services, request),
      },
    },
    schema: {
      summary: 'End all sessions of a user; of oneself all but the present one',
      params: schemas.idParams,
      response: { 200: ended, ...schemas.problems },
    },
    handler: async (request) => {
      await requireRank(database, request, { userId: request.params.id });
      const { zitadel, zitadelUserId, user } = await subject(request.params.id);
      const { caller } = request;
      const keep = caller?.subject === zitadelUserId ? caller.session?.zitadelSessionId : undefined;
      const count = await endOtherSessions(zitadel, zitadelUserId, keep, signal());
      await database.transaction(async (trx) => {
        await trx
          .deleteFrom('web_sessions')
          .where('subject', '=', zitadelUserId)
          .$if(caller?.subject === zitadelUserId && caller.session !== undefined, (query) =>
            query.where('id_hash', '<>', caller?.session?.id ?? ''),
          )
          .execute();
        await recordAudit(trx, {
          ...askedBy(request),
          organizationId: organizationOf(request),
          action: 'session.end_all',
          objectType: 'user',
          objectId: user.id,
          to: { ended: count },
          at: engine.now(),
        });
      });
      return { ended: count };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/users/:id/devices',
    config: {
      access: {
        kind: 'organization',
        permission: 'users.read',
        organizationId: (request) => homeOrganization(services, request),
      },
    },
    schema: {
      summary: "List a user's devices in NetBird",
      params: schemas.idParams,
      response: { 200: devices, ...schemas.problems },
    },
    handler: async (request) => {
      const peers = await readDevices(integrations, await view(request.params.id), signal());
      return showDevices(peers, clock.now());
    },
  });
}
