import { DrawbridgeError } from '@drawbridge/kit';
import { z } from 'zod';
import { findOrganization } from '../organizations/index.ts';
import { getSweep, listSweepItems, listSweeps, type SweepItemView, type SweepView } from '../status/index.ts';
import { callerOf } from './access.ts';
import { askedBy } from './asked.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';

const sweepStates = ['running', 'done', 'braked', 'approved', 'discarded', 'failed'] as const;
const itemStates = ['held', 'approved', 'applied', 'dropped', 'skipped', 'failed'] as const;
const time = z.iso.datetime();
const named = z.string().min(1).max(200).optional();

const sweep = z
  .object({
    id: z.string(),
    organizationId: z.string().nullable().describe('Null for a sweep of all organizations.'),
    cause: z.enum(['timer', 'person', 'start', 'event']),
    requestedBy: z.string(),
    state: z.enum(sweepStates).describe('braked: it holds deactivations that a person has to decide about.'),
    canary: z.string().nullable().describe('Whether Zitadel proved to see its own data.'),
    usersRead: z.int(),
    activated: z.int(),
    deactivated: z.int(),
    corrected: z.int(),
    skipped: z.int(),
    held: z.int(),
    brakeLimit: z.int().nullable().describe('How many users it may deactivate without asking; null for any.'),
    code: z.string().nullable(),
    reason: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: time.nullable(),
    decisionReason: z.string().nullable(),
    startedAt: time,
    finishedAt: time.nullable(),
    organizations: z.array(
      z.object({
        id: z.string(),
        slug: z.string(),
        name: z.string(),
        usersRead: z.int(),
        active: z.int(),
        wouldGo: z.int().describe('How many of its users are held.'),
        limit: z.int().nullable(),
        says: z.string().nullable().describe('What Zitadel says of most of them.'),
        code: z.string().nullable(),
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Sweep' });

const item = z
  .object({
    userId: z.string(),
    organizationId: z.string(),
    email: z.string().nullable().describe('Null for one who was deleted since.'),
    name: z.string().nullable(),
    kind: z.enum(['activate', 'deactivate', 'correct', 'report']),
    state: z.enum(itemStates),
    was: z.string(),
    says: z.string().describe('What Zitadel says; missing: its list does not show the user.'),
    detail: z.string().nullable(),
    zitadelSeenAt: time.nullable(),
  })
  .meta({ id: 'SweepItem' });

const part = z.strictObject({
  organization: named.describe('Id or slug. Site administrators may leave it out.'),
});
const page = {
  after: z.string().max(1_000).optional().describe('The cursor `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
};
const listQuery = part.extend({ state: z.enum(sweepStates).optional(), ...page });
const itemsQuery = part.extend({ state: z.enum(itemStates).optional(), ...page });
const approveBody = z
  .strictObject({
    reason: schemas.reason,
    count: z.int().min(1).describe('How many users that is; it has to be right.'),
    users: z
      .array(z.string().max(200))
      .min(1)
      .max(100_000)
      .optional()
      .describe('Default: all that are held.'),
  })
  .meta({ id: 'ApproveSweep' });

/** The status sync: sweeps, and what people decide about those that are braked. */
export function sweepRoutes(app: Api, { database, sweeper }: ApiServices): void {
  const idOf = async (organization: string | undefined) =>
    organization === undefined ? null : (await findOrganization(database, organization))?.id;
  const reading = {
    kind: 'organization' as const,
    permission: 'sweeps.read' as const,
    organizationId: ({ query }: { query: unknown }) => idOf((query as z.infer<typeof part>).organization),
  };
  const shown = async (id: string, organizationId?: string) => {
    const found = await getSweep(database, id, organizationId);
    if (!found) throw new DrawbridgeError('not_found', { message: 'There is no such sweep here.' });
    return showSweep(found);
  };

  app.route({
    method: 'POST',
    url: '/api/zitadel/users/sync-status',
    config: {
      access: {
        kind: 'organization',
        permission: 'users.write',
        organizationId: ({ body }) => idOf((body as z.infer<typeof part> | null | undefined)?.organization),
      },
    },
    schema: {
      summary: 'Compare everybody with Zitadel now; answers with the sweep under way where it covers that',
      body: part.nullish(),
      response: { 202: sweep, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { organizationId } = request;
      const id = await sweeper.request({
        cause: 'person',
        requestedBy: callerOf(request).subject,
        requestId: request.id,
        ...(organizationId === undefined ? {} : { organizationId }),
      });
      void reply.status(202).header('location', `/api/sweeps/${id}`);
      return await shown(id, organizationId);
    },
  });

  app.route({
    method: 'GET',
    url: '/api/sweeps',
    config: { access: reading },
    schema: {
      summary: 'List sweeps, the newest first',
      querystring: listQuery,
      response: {
        200: z.object({ items: z.array(sweep), next: z.string().nullable() }),
        ...schemas.problems,
      },
    },
    handler: async (request) => {
      const { state, after, limit } = request.query;
      const { organizationId } = request;
      const { items, next } = await listSweeps(database, {
        limit,
        ...(organizationId === undefined ? {} : { organizationId }),
        ...(state === undefined ? {} : { state }),
        ...(after === undefined ? {} : { after }),
      });
      return { items: items.map(showSweep), next: next ?? null };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/sweeps/:id',
    config: { access: reading },
    schema: {
      summary: "Read a sweep, or an organization's part of it",
      params: schemas.idParams,
      querystring: part,
      response: { 200: sweep, ...schemas.problems },
    },
    handler: async (request) => await shown(request.params.id, request.organizationId),
  });

  app.route({
    method: 'GET',
    url: '/api/sweeps/:id/items',
    config: { access: reading },
    schema: {
      summary: 'List whom a sweep found differing, and what became of them',
      params: schemas.idParams,
      querystring: itemsQuery,
      response: { 200: z.object({ items: z.array(item), next: z.string().nullable() }), ...schemas.problems },
    },
    handler: async (request) => {
      const { state, after, limit } = request.query;
      const { organizationId } = request;
      await shown(request.params.id, organizationId);
      const { items, next } = await listSweepItems(database, {
        sweepId: request.params.id,
        limit,
        ...(organizationId === undefined ? {} : { organizationId }),
        ...(state === undefined ? {} : { state }),
        ...(after === undefined ? {} : { after }),
      });
      return { items: items.map(showItem), next: next ?? null };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/sweeps/:id/approve',
    config: { access: { kind: 'site' } },
    schema: {
      summary: 'Approve what a braked sweep holds; each user is looked at again before anything happens',
      params: schemas.idParams,
      body: approveBody,
      response: { 202: sweep, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { reason, count, users } = request.body;
      await sweeper.approve(request.params.id, {
        ...askedBy(request),
        reason,
        count,
        ...(users === undefined ? {} : { users }),
      });
      void reply.status(202);
      return await shown(request.params.id);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/sweeps/:id/discard',
    config: { access: { kind: 'site' } },
    schema: {
      summary: 'Discard what a braked sweep holds',
      params: schemas.idParams,
      body: schemas.reasoned,
      response: { 200: sweep, ...schemas.problems },
    },
    handler: async (request) => {
      await sweeper.discard(request.params.id, { ...askedBy(request), reason: request.body.reason });
      return await shown(request.params.id);
    },
  });
}

function showSweep({ sweep: row, organizations }: SweepView): z.infer<typeof sweep> {
  return {
    id: row.id,
    organizationId: row.organization_id,
    cause: row.cause,
    requestedBy: row.requested_by,
    state: row.state,
    canary: row.canary,
    usersRead: row.users_read,
    activated: row.activated,
    deactivated: row.deactivated,
    corrected: row.corrected,
    skipped: row.skipped,
    held: row.held,
    brakeLimit: row.brake_limit,
    code: row.reason_code,
    reason: row.reason,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
    decisionReason: row.decision_reason,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    organizations: [...organizations],
  };
}

function showItem({ item: row, email, name, zitadelSeenAt }: SweepItemView): z.infer<typeof item> {
  return {
    userId: row.user_id,
    organizationId: row.organization_id,
    email,
    name,
    kind: row.kind,
    state: row.state,
    was: row.was,
    says: row.says,
    detail: row.detail,
    zitadelSeenAt: zitadelSeenAt?.toISOString() ?? null,
  };
}
