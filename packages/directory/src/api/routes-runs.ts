import { DrawbridgeError } from '@drawbridge/kit';
import { z } from 'zod';
import { recordAudit } from '../audit/index.ts';
import { decide, loadRun } from '../saga/index.ts';
import { callerOf, organizationOf } from './access.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';
import { showRun } from './views.ts';

const runParams = z.object({ id: z.string().max(200) });
const decisionParams = z.object({
  id: z.string().max(200),
  decision: z.enum(['resume', 'compensate', 'abandon']),
});
const decisionBody = z.strictObject({ reason: z.string().trim().min(1).max(500) });

/** Routes under `/api/runs`. */
export function runRoutes(app: Api, { database, jobs, engine }: ApiServices): void {
  const organizationId = async ({ params }: { params: unknown }) =>
    (await loadRun(database, (params as z.infer<typeof runParams>).id))?.run.organization_id;

  const show = async (id: string) => {
    const loaded = await loadRun(database, id);
    if (!loaded) throw new DrawbridgeError('not_found');
    return showRun(loaded.run, loaded.steps);
  };

  app.route({
    method: 'GET',
    url: '/api/runs/:id',
    config: { access: { kind: 'organization', permission: 'runs.read', organizationId } },
    schema: {
      summary: 'Read a run with its steps',
      params: runParams,
      response: { 200: schemas.run, ...schemas.problems },
    },
    handler: async (request) => await show(request.params.id),
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
      body: decisionBody,
      response: { 202: schemas.run, ...schemas.problems },
    },
    handler: async (request, reply) => {
      const { id, decision } = request.params;
      await database.transaction(async (trx) => {
        await decide(trx, jobs, engine.clock, id, decision);
        await recordAudit(trx, {
          organizationId: organizationOf(request),
          actor: callerOf(request).subject,
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
