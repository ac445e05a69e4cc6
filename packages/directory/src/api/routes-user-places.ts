import { DrawbridgeError } from '@drawbridge/kit';
import { z } from 'zod';
import { readHistory, readPlaces } from '../places/index.ts';
import { getUser } from '../users/index.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';
import { anyOrganization, homeOrganization } from './whose-user.ts';

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

/** What other places say of a user, now: Zitadel and NetBird; and what happened before. */
export function userPlaceRoutes(app: Api, services: ApiServices): void {
  const { database, integrations, engine } = services;
  const { clock } = engine;
  const view = async (id: string) => {
    const found = await getUser(database, id);
    if (!found) throw new DrawbridgeError('not_found');
    return found;
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
}
