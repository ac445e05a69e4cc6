import { DrawbridgeError } from '@drawbridge/kit';
import { z } from 'zod';
import { recordAudit } from '../audit/index.ts';
import { findOrganization } from '../organizations/index.ts';
import { decide, listRuns, loadRun } from '../saga/index.ts';
import { callerOf, organizationOf } from './access.ts';
import { preferredWait, settledRun } from './prefer.ts';
import * as schemas from './schemas.ts';
import { listed, without, withoutText, words } from './schemas-filters.ts';
import type { Api, ApiServices } from './services.ts';
import { showRun } from './views.ts';

const listQuery = z.strictObject({
  organization: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Id or slug. Site administrators may leave it out.'),
  state: z.enum(schemas.runStates).optional(),
  user: z.string().max(200).optional(),
  batch: z.string().max(200).optional().describe('Runs of one import or bulk action.'),
  q: words('what a run does, and to whom'),
  from: z.iso.datetime().optional().describe('Requested then or later.'),
  to: z.iso.datetime().optional().describe('Requested before then.'),
  'state!': without(z.enum(schemas.runStates)),
  'user!': withoutText,
  'batch!': withoutText,
  'q!': withoutText,
  after: z.string().max(200).optional().describe('The cursor `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
const decisionParams = z.object({
  id: z.string().max(200),
  decision: z.enum(['resume', 'compensate', 'abandon']),
});

/** Routes under `/api/runs`. */
export function runRoutes(app: Api, { database, jobs, engine, closing }: ApiServices): void {
  const organizationId = async ({ params }: { params: unknown }) =>
    (await loadRun(database, (params as z.infer<typeof schemas.idParams>).id))?.run.organization_id;

  const show = async (id: string) => {
    const loaded = await loadRun(database, id);
    if (!loaded) throw new DrawbridgeError('not_found');
    return showRun(loaded.run, loaded.steps, engine);
  };

  app.route({
    method: 'GET',
    url: '/api/runs',
    config: {
      access: {
        kind: 'organization',
        permission: 'runs.read',
        organizationId: async ({ query }) => {
          const { organization } = query as z.infer<typeof listQuery>;
          if (organization === undefined) return null;
          return (await findOrganization(database, organization))?.id;
        },
      },
    },
    schema: {
      summary: 'List runs, the newest first',
      querystring: listQuery,
      response: { 200: schemas.runPage, ...schemas.problems },
    },
    handler: async (request) => {
      const { organization, state, user, batch, q, from, to, after, limit, ...left } = request.query;
      const page = await listRuns(database, {
        limit,
        without: {
          states: listed(left['state!']),
          userIds: listed(left['user!']),
          batchIds: listed(left['batch!']),
          words: listed(left['q!']),
        },
        ...(organization === undefined ? {} : { organizationId: organizationOf(request) }),
        ...(state === undefined ? {} : { state }),
        ...(user === undefined ? {} : { userId: user }),
        ...(batch === undefined ? {} : { batchId: batch }),
        ...(q === undefined ? {} : { q }),
        ...(from === undefined ? {} : { from: new Date(from) }),
        ...(to === undefined ? {} : { to: new Date(to) }),
        ...(after === undefined ? {} : { after }),
      });
      const items = page.items.map(({ run, steps }) => showRun(run, steps, engine));
      return { items, next: page.next ?? null };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/runs/:id',
    config: { access: { kind: 'organization', permission: 'runs.read', organizationId } },
    schema: {
      summary: 'Read a run with its steps; with Prefer: wait=N once it is over or stopped',
      params: schemas.idParams,
      headers: schemas.preferHeaders,
      response: { 200: schemas.run, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const wait = preferredWait(request.headers.prefer);
      if (wait !== undefined) void reply.header('preference-applied', `wait=${wait}`);
      const { run, steps } = await settledRun(database, engine.clock, request.params.id, wait ?? 0, closing);
      return showRun(run, steps, engine);
    },
  });

  app.route({
    method: 'POST',
    url: '/api/runs/:id/:decision',
    config: { access: { kind: 'organization', permission: 'runs.write', organizationId } },
    schema: {
      summary: 'Decide about a run that stopped',
      description:
        'resume goes on at the step that stopped, compensate takes back what was done, abandon leaves it as it is.',
      params: decisionParams,
      body: schemas.reasoned,
      response: { 202: schemas.run, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { id, decision } = request.params;
      await database.transaction(async (trx) => {
        const by = callerOf(request).subject;
        await decide(trx, jobs, engine.clock, id, { decision, by, reason: request.body.reason });
        await recordAudit(trx, {
          organizationId: organizationOf(request),
          actor: by,
          action: `run.${decision}`,
          objectType: 'run',
          objectId: id,
          reason: request.body.reason,
          requestId: request.id,
          at: engine.now(),
        });
      });
      return reply.status(202).send(await show(id));
    },
  });
}
