import { DrawbridgeError } from '@drawbridge/kit';
import { z } from 'zod';
import { recordAudit } from '../audit/index.ts';
import {
  endOtherSessions,
  endSession,
  listSessions,
  readDevices,
  readHistory,
  readPlaces,
} from '../places/index.ts';
import { getUser } from '../users/index.ts';
import { organizationOf } from './access.ts';
import { askedBy } from './asked.ts';
import { requireRank } from './rank.ts';
import { anyOrganization, homeOrganization } from './routes-users.ts';
import * as schemas from './schemas.ts';
import { devices, ended, sessionParams, sessions, showDevices, showSessions } from './schemas-places.ts';
import type { Api, ApiServices } from './services.ts';

const time = z.iso.datetime();
const failed = z.object({ ok: z.literal(false), at: time, code: z.string(), message: z.string() });
const seen = <T extends z.ZodRawShape>(shape: T) =>
  z.union([z.object({ ok: z.literal(true), at: time, ...shape }), failed]);
const zitadelPlace = seen({
  state: z.string(),
  email: z.string().nullable(),
  emailVerified: z.boolean(),
  name: z.string().nullable(),
  organizationId: z.string().nullable(),
  roles: z.array(z.string()),
}).meta({ id: 'ZitadelPlace' });
const netbirdPlace = seen({
  state: z.enum(['none', 'waiting', 'active', 'blocked']),
  id: z.string().nullable(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  role: z.string().nullable(),
  groups: z.array(z.string()),
  lastSeen: z.string().nullable(),
}).meta({ id: 'NetbirdPlace' });
const historyQuery = z.strictObject({
  after: z.iso.datetime().optional().describe('The cursor `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
const history = z
  .object({
    items: z.array(
      z.object({
        at: time,
        kind: z.enum(['status', 'run', 'audit']),
        id: z.string(),
        what: z.string(),
        actor: z.string(),
        reason: z.string().nullable(),
        cause: z.string().nullable(),
        deniedAfterMs: z.int().nullable(),
      }),
    ),
    next: z.string().nullable(),
  })
  .meta({ id: 'History' });
/** What other places say of a user, now: Zitadel, NetBird, sessions, devices; and what happened before. */
export function userPlaceRoutes(app: Api, services: ApiServices): void {
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
    url: '/api/users/:id/places',
    config: {
      access: {
        kind: 'organization',
        permission: 'users.read',
        organizationId: (request) => anyOrganization(services, request),
      },
    },
    schema: {
      summary: 'Read a user where it lives: Zitadel and NetBird, each with its own age and failure',
      params: schemas.idParams,
      response: { 200: z.object({ zitadel: zitadelPlace, netbird: netbirdPlace }), ...schemas.problems },
    },
    handler: async (request) => {
      const { zitadel, netbird } = await readPlaces({ integrations, clock }, await view(request.params.id));
      return {
        zitadel: zitadel.ok
          ? {
              ok: true as const,
              at: zitadel.at.toISOString(),
              ...zitadel.value,
              roles: [...zitadel.value.roles],
            }
          : { ...zitadel, at: zitadel.at.toISOString() },
        netbird: netbird.ok
          ? {
              ok: true as const,
              at: netbird.at.toISOString(),
              ...netbird.value,
              groups: [...netbird.value.groups],
            }
          : { ...netbird, at: netbird.at.toISOString() },
      };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/users/:id/history',
    config: {
      access: {
        kind: 'organization',
        permission: 'users.read',
        organizationId: (request) => homeOrganization(services, request),
      },
    },
    schema: {
      summary: 'Read what happened to a user, the newest first',
      params: schemas.idParams,
      querystring: historyQuery,
      response: { 200: history, ...schemas.problems },
    },
    handler: async (request) => {
      const { after, limit } = request.query;
      const entries = await readHistory(
        database,
        request.params.id,
        after === undefined ? undefined : new Date(after),
        limit,
      );
      const items = entries.map((one) => ({ ...one, at: one.at.toISOString() }));
      return { items, next: items.length === limit ? (items.at(-1)?.at ?? null) : null };
    },
  });

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
