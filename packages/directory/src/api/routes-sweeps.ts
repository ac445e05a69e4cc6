import { DrawbridgeError } from '@drawbridge/kit';
import { z } from 'zod';
import { findOrganization } from '../organizations/index.ts';
import { getSweep, listSweepItems, listSweeps } from '../status/index.ts';
import { callerOf } from './access.ts';
import { askedBy } from './asked.ts';
import * as schemas from './schemas.ts';
import { listed } from './schemas-filters.ts';
import {
  approveBody,
  itemsQuery,
  listQuery,
  showItem,
  showSweep,
  sweepItem,
  sweepPart,
  sweepView,
} from './schemas-sweeps.ts';
import type { Api, ApiServices } from './services.ts';

/** The status sync: sweeps, and what people decide about those that are braked. */
export function sweepRoutes(app: Api, { database, sweeper }: ApiServices): void {
  const idOf = async (organization: string | undefined) =>
    organization === undefined ? null : (await findOrganization(database, organization))?.id;
  const reading = {
    kind: 'organization' as const,
    permission: 'sweeps.read' as const,
    organizationId: ({ query }: { query: unknown }) =>
      idOf((query as z.infer<typeof sweepPart>).organization),
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
        organizationId: ({ body }) =>
          idOf((body as z.infer<typeof sweepPart> | null | undefined)?.organization),
      },
    },
    schema: {
      summary: 'Compare everybody with Zitadel now; answers with the sweep under way where it covers that',
      body: sweepPart.nullish(),
      response: { 202: sweepView, ...schemas.problems },
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
        200: z.object({ items: z.array(sweepView), next: z.string().nullable() }),
        ...schemas.problems,
      },
    },
    handler: async (request) => {
      const { state, cause, q, after, limit, ...left } = request.query;
      const { organizationId } = request;
      const { items, next } = await listSweeps(database, {
        limit,
        without: {
          states: listed(left['state!']),
          causes: listed(left['cause!']),
          words: listed(left['q!']),
        },
        ...(cause === undefined ? {} : { cause }),
        ...(q === undefined ? {} : { q }),
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
      querystring: sweepPart,
      response: { 200: sweepView, ...schemas.problems },
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
      response: {
        200: z.object({ items: z.array(sweepItem), next: z.string().nullable() }),
        ...schemas.problems,
      },
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
      response: { 202: sweepView, ...schemas.problems },
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
      response: { 200: sweepView, ...schemas.problems },
    },
    handler: async (request) => {
      await sweeper.discard(request.params.id, { ...askedBy(request), reason: request.body.reason });
      return await shown(request.params.id);
    },
  });
}
