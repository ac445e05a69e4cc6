import { Readable } from 'node:stream';
import { DrawbridgeError } from '@drawbridge/kit';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../database/index.ts';
import {
  getImport,
  listImports,
  listRows,
  resultLines,
  rolesOf,
  startImport,
  stopImport,
  uploadImport,
} from '../imports/index.ts';
import { findOrganization } from '../organizations/index.ts';
import { callerOf, organizationOf } from './access.ts';
import { askedBy } from './asked.ts';
import { requireRank } from './rank.ts';
import * as schemas from './schemas.ts';
import {
  importRow,
  importView,
  listQuery,
  type organizationQuery,
  resultsQuery,
  rowsQuery,
  showImport,
  showRow,
  uploadQuery,
} from './schemas-imports.ts';
import type { Api, ApiServices } from './services.ts';

/** Routes under `/api/imports`. */
export function importRoutes(app: Api, services: ApiServices): void {
  const { database, engine } = services;
  const named = async ({ query }: FastifyRequest) =>
    (await findOrganization(database, (query as z.infer<typeof organizationQuery>).organization))?.id;
  const ofImport = async ({ params }: FastifyRequest) =>
    (await getImport(database, (params as { id: string }).id))?.entry.organization_id;
  const reading = { kind: 'organization' as const, permission: 'users.read' as const };
  const writing = { kind: 'organization' as const, permission: 'users.write' as const };
  const show = async (id: string) => {
    const found = await getImport(database, id);
    if (!found) throw new DrawbridgeError('not_found');
    return showImport(found, engine.clock.now());
  };

  // The file is read as it arrives: nothing holds it.
  app.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));

  app.route({
    method: 'POST',
    url: '/api/imports',
    // The file is read as it comes, which is not twice.
    config: { ownIdempotency: true, access: { ...writing, organizationId: named } },
    schema: {
      summary: 'Upload a CSV file of users, and see what importing it would do',
      description:
        'The body is the file: UTF-8, a header row with email, given_name, family_name and role, at most 20 MB and 10,000 rows. Nobody is created or changed before it is started.',
      consumes: ['text/csv'],
      body: z.unknown().describe('The file.'),
      querystring: uploadQuery,
      response: { 202: importView, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const organizationId = organizationOf(request);
      const file = request.body;
      if (!(file instanceof Readable)) {
        throw new DrawbridgeError('unsupported_media_type', { fix: 'Send the file as text/csv.' });
      }
      const id = await uploadImport(services, {
        ...askedBy(request),
        organizationId,
        fileName: request.query.fileName,
        file,
        givable: await givableRoles(database, request),
      });
      void reply.status(202).header('location', `/api/imports/${id}`);
      return await show(id);
    },
  });

  app.route({
    method: 'GET',
    url: '/api/imports',
    config: { access: { ...reading, organizationId: named } },
    schema: {
      summary: 'List imports, the newest first',
      querystring: listQuery,
      response: {
        200: z.object({ items: z.array(importView), next: z.string().nullable() }),
        ...schemas.problems,
      },
    },
    handler: async (request) => {
      const { after, limit } = request.query;
      const page = await listImports(database, {
        organizationId: organizationOf(request),
        limit,
        ...(after === undefined ? {} : { after }),
      });
      const now = engine.clock.now();
      return { items: page.items.map((one) => showImport(one, now)), next: page.next ?? null };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/imports/:id',
    config: { access: { ...reading, organizationId: ofImport } },
    schema: {
      summary: 'Read how far an import is',
      params: schemas.idParams,
      response: { 200: importView, ...schemas.problems },
    },
    handler: ({ params }) => show(params.id),
  });

  app.route({
    method: 'GET',
    url: '/api/imports/:id/rows',
    config: { access: { ...reading, organizationId: ofImport } },
    schema: {
      summary: 'List the rows of an import, in the order of the file',
      params: schemas.idParams,
      querystring: rowsQuery,
      response: {
        200: z.object({ items: z.array(importRow), next: z.string().nullable() }),
        ...schemas.problems,
      },
    },
    handler: async ({ params, query }) => {
      const { plan, outcome, after, limit } = query;
      const page = await listRows(database, params.id, {
        after,
        limit,
        ...(plan === undefined ? {} : { plan }),
        ...(outcome === undefined ? {} : { outcome }),
      });
      return {
        items: page.items.map(showRow),
        next: page.next === undefined ? null : String(page.next),
      };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/imports/:id/start',
    config: { access: { ...writing, organizationId: ofImport } },
    schema: {
      summary: 'Start an import after its dry run, or go on with a stopped one',
      params: schemas.idParams,
      body: z
        .strictObject({
          skipRefused: z.boolean().default(false).describe('Leave out what the dry run refused.'),
        })
        .nullish(),
      response: { 202: importView, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      // Whoever starts it may be another than who uploaded it, and may do less.
      await requireRank(database, request, { roles: await rolesOf(database, id) });
      await startImport(services, id, {
        ...askedBy(request),
        skipRefused: request.body?.skipRefused ?? false,
      });
      return reply.status(202).send(await show(id));
    },
  });

  app.route({
    method: 'POST',
    url: '/api/imports/:id/stop',
    config: { access: { ...writing, organizationId: ofImport } },
    schema: {
      summary: 'Stop an import behind the rows that are under way',
      params: schemas.idParams,
      response: { 202: importView, ...schemas.problems },
    },
    handler: async (request, reply) => {
      await stopImport(services, request.params.id, askedBy(request));
      return reply.status(202).send(await show(request.params.id));
    },
  });

  app.route({
    method: 'GET',
    url: '/api/imports/:id/results.csv',
    config: { access: { ...reading, organizationId: ofImport } },
    schema: {
      summary: 'Download what became of each row',
      params: schemas.idParams,
      querystring: resultsQuery,
      produces: ['text/csv'],
    },
    handler: async ({ params, query }, reply) => {
      const found = await getImport(database, params.id);
      const name = (found?.entry.file_name ?? 'users').replace(/\.csv$/i, '').replaceAll(/[^\w.-]/g, '_');
      const lines = resultLines(database, params.id, { stuck: query.only === 'failed' });
      return await reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${name}.results.csv"`)
        .send(Readable.from(lines));
    },
  });
}

/** Roles that may do no more than the caller in the organization; all of them for site administrators. */
async function givableRoles(database: Database, request: FastifyRequest): Promise<ReadonlySet<string>> {
  const { siteAdministrator, permissions } = callerOf(request);
  const own = permissions.get(organizationOf(request)) ?? new Set<string>();
  const roles = await database.read((db) => db.selectFrom('roles').select(['key', 'permissions']).execute());
  const givable = roles.filter((role) => siteAdministrator || role.permissions.every((one) => own.has(one)));
  return new Set(givable.map(({ key }) => key));
}
