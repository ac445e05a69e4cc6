import { z } from 'zod';
import { findOrganization } from '../organizations/index.ts';
import { attentionOf, readAttention, readCharts, Strips } from '../overview/index.ts';
import { listRuns } from '../saga/index.ts';
import { callerOf } from './access.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';
import { showRun } from './views.ts';

const time = z.iso.datetime();
const query = z.strictObject({
  organization: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Id or slug. Left out, by site administrators only: all of them.'),
});
const overview = z
  .object({
    attention: z.array(
      z.object({
        kind: z.enum(['attention', 'quarantined', 'sweep', 'key', 'integration']),
        id: z.string(),
        title: z.string(),
        since: time,
        action: z.string(),
        organizationId: z.string().nullable(),
      }),
    ),
    integrations: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        type: z.enum(['zitadel', 'netbird']),
        reachable: z.boolean(),
        checkedAt: time,
        tookMs: z.int(),
        keyExpiresAt: time.nullable(),
        eventLagMs: z.int().nullable().describe('Of the events of the last hour, 99 of 100 took less.'),
        faultSwitch: z
          .url()
          .nullable()
          .describe('Page on which it is made to fail on purpose; null where it is real.'),
        budgetUsed: z.number().nullable().describe('From 0 to 1; null where the instance has no budget.'),
        code: z.string().nullable(),
        message: z.string().nullable(),
      }),
    ),
    charts: z.object({
      timeToDeny: z.array(z.object({ at: time, ms: z.int(), id: z.string() })),
      drift: z.array(
        z.object({ sweep: z.string(), at: time, corrected: z.int(), left: z.int(), limit: z.int() }),
      ),
      provisioning: z.array(
        z.object({
          hour: time,
          done: z.int(),
          waiting: z.int(),
          attention: z.int(),
          quarantined: z.int(),
        }),
      ),
      eventLag: z.array(z.object({ at: time, p50Ms: z.int(), p99Ms: z.int() })),
    }),
    lastRuns: z.array(schemas.run),
    sync: z.object({ lastAt: time.nullable(), state: z.string().nullable(), nextAt: time.nullable() }),
  })
  .meta({ id: 'Overview' });

/** Is anything wrong, and who waits for me? */
export function overviewRoutes(app: Api, services: ApiServices): void {
  const { database, engine, integrations, settings, faultSwitch = null } = services;
  const strips = new Strips(integrations, engine.clock);

  app.route({
    method: 'GET',
    url: '/api/overview',
    config: {
      access: {
        kind: 'organization',
        permission: 'users.read',
        organizationId: async ({ query: asked }) => {
          const { organization } = asked as z.infer<typeof query>;
          return organization === undefined ? null : (await findOrganization(database, organization))?.id;
        },
      },
    },
    schema: {
      summary: 'What waits for a person, how the integrations are, and what happened lately',
      querystring: query,
      response: { 200: overview, ...schemas.problems },
    },
    handler: async (request) => {
      const { organizationId } = request;
      const now = engine.now();
      const narrowed = organizationId === undefined ? {} : { organizationId };
      const [stopped, seen, charts, runs, last, values] = await Promise.all([
        readAttention(database, organizationId),
        strips.read(),
        readCharts(database, now, organizationId),
        listRuns(database, { limit: 10, ...narrowed }),
        database.read((db) =>
          db
            .selectFrom('sweeps')
            .select(['started_at', 'state'])
            .orderBy('id', 'desc')
            .limit(1)
            .executeTakeFirst(),
        ),
        settings.read(),
      ]);
      // How the site's own integrations fare is for those who can do something about it.
      const also = callerOf(request).siteAdministrator ? attentionOf(seen, now) : [];
      const lag = charts.eventLag.at(-1)?.p99Ms ?? null;
      return {
        attention: [...stopped, ...also].map((one) => ({ ...one, since: one.since.toISOString() })),
        integrations: seen.map(({ integration, health, keyExpiresAt }) => ({
          id: integration.id,
          name: integration.name,
          type: integration.type,
          reachable: health.reachable,
          checkedAt: health.checkedAt.toISOString(),
          tookMs: health.tookMs,
          keyExpiresAt: keyExpiresAt?.toISOString() ?? null,
          eventLagMs: integration.type === 'zitadel' ? lag : null,
          faultSwitch: integration.type === 'zitadel' ? faultSwitch : null,
          budgetUsed: integrations.budgetUsed(integration) ?? null,
          code: health.code,
          message: health.message,
        })),
        charts: {
          timeToDeny: charts.timeToDeny.map((one) => ({ ...one, at: one.at.toISOString() })),
          drift: charts.drift.map((one) => ({ ...one, at: one.at.toISOString() })),
          provisioning: charts.provisioning.map((one) => ({ ...one, hour: one.hour.toISOString() })),
          eventLag: charts.eventLag.map((one) => ({ ...one, at: one.at.toISOString() })),
        },
        lastRuns: runs.items.map(({ run, steps }) => showRun(run, steps, engine)),
        sync: {
          lastAt: last?.started_at.toISOString() ?? null,
          state: last?.state ?? null,
          nextAt: last
            ? new Date(last.started_at.getTime() + values['sync.intervalMinutes'] * 60_000).toISOString()
            : null,
        },
      };
    },
  });
}
