import { DrawbridgeError } from '@drawbridge/kit';
import { z } from 'zod';
import { countUsers, findOrganization, listOrganizations, mapOrganization } from '../organizations/index.ts';
import { callerOf } from './access.ts';
import { answerRun } from './answer-run.ts';
import * as schemas from './schemas.ts';
import type { Api, ApiServices } from './services.ts';
import { showOrganization } from './views.ts';

const place = z.object({ id: z.string(), slug: z.string(), name: z.string() });
const zitadelOrganization = z
  .object({
    id: z.string(),
    name: z.string(),
    state: z.enum(['active', 'inactive']),
    primaryDomain: z.string().nullable(),
    mappedTo: place.nullable().describe('The organization here that has it.'),
  })
  .meta({ id: 'ZitadelOrganization' });
const listQuery = z.strictObject({
  q: z.string().max(200).optional().describe('A part of the name.'),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .describe('The cursor `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
const mapping = z
  .object({
    organization: place,
    zitadelOrgId: z.string().nullable(),
    state: z
      .enum(['mapped', 'unmapped', 'drifted'])
      .describe('Drifted: mapped, but without its project grant.'),
    projectGrant: z.boolean(),
    netbirdProjectId: z.string().nullable(),
    netbirdGroups: z.array(z.string()),
    users: z.object({ active: z.int(), all: z.int() }),
    mappedAt: z.iso.datetime().nullable(),
    mappedBy: z.string().nullable(),
  })
  .meta({ id: 'Mapping' });
const mapBody = z
  .strictObject({
    organization: z.string().min(1).max(200).describe('Id or slug.'),
    zitadelOrgId: z.string().min(1).max(200).nullable().describe('Null unmaps, which closes the tenant.'),
    netbirdProjectId: z.string().min(1).max(200).nullable().optional(),
    reason: schemas.reason,
  })
  .meta({ id: 'MapOrganization' });

/** Which organization here is which in Zitadel. For site administrators. */
export function mappingRoutes(app: Api, services: ApiServices): void {
  const { database, integrations } = services;

  app.route({
    method: 'GET',
    url: '/api/zitadel/organizations',
    config: { access: { kind: 'site' } },
    schema: {
      summary: "List Zitadel's organizations",
      querystring: listQuery,
      response: {
        200: z.object({ items: z.array(zitadelOrganization), next: z.string().nullable() }),
        ...schemas.problems,
      },
    },
    handler: async (request) => {
      const { q, after, limit } = request.query;
      const zitadel = await integrations.client(await integrations.primary());
      const name = { name: q ?? '', method: 'TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE' as const };
      const found = await zitadel.organizations.page(
        { offset: after, limit: limit + 1, ...(q ? { queries: [{ nameQuery: name }] } : {}) },
        { signal: AbortSignal.timeout(10_000) },
      );
      const known = await listOrganizations(database);
      const mapped = new Map(known.map((one) => [one.zitadel_org_id, one]));
      return {
        items: found.slice(0, limit).map(({ id, name: title, state, primaryDomain }) => {
          const owner = mapped.get(id);
          return {
            id,
            name: title,
            state: state === 'ORGANIZATION_STATE_ACTIVE' ? ('active' as const) : ('inactive' as const),
            primaryDomain: primaryDomain ?? null,
            mappedTo: owner ? { id: owner.id, slug: owner.slug, name: owner.name } : null,
          };
        }),
        next: found.length > limit ? String(after + limit) : null,
      };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/zitadel/org-mapping',
    config: { access: { kind: 'site' } },
    schema: {
      summary: 'List which organization here is which in Zitadel',
      response: { 200: z.object({ items: z.array(mapping) }), ...schemas.problems },
    },
    handler: async () => {
      const [organizations, users] = await Promise.all([listOrganizations(database), countUsers(database)]);
      return {
        items: organizations.map((one) => ({
          organization: { id: one.id, slug: one.slug, name: one.name },
          zitadelOrgId: one.zitadel_org_id,
          state:
            one.zitadel_org_id === null
              ? ('unmapped' as const)
              : one.project_grant
                ? ('mapped' as const)
                : ('drifted' as const),
          projectGrant: one.project_grant,
          netbirdProjectId: one.netbird_project_id,
          netbirdGroups: one.netbird_groups,
          users: users.get(one.id) ?? { active: 0, all: 0 },
          mappedAt: one.mapped_at?.toISOString() ?? null,
          mappedBy: one.mapped_by,
        })),
      };
    },
  });

  app.route({
    method: 'POST',
    url: '/api/zitadel/org-mapping',
    config: { access: { kind: 'site' } },
    schema: {
      summary: 'Map an organization to one in Zitadel, to another one, or to none',
      headers: schemas.preferHeaders,
      body: mapBody,
      response: {
        202: z.object({ organization: schemas.organization, run: schemas.run }),
        ...schemas.problems,
      },
    },
    handler: async (request, reply) => {
      const { organization: named, reason, zitadelOrgId, netbirdProjectId } = request.body;
      const organization = await findOrganization(database, named);
      if (!organization) throw new DrawbridgeError('organization_unknown');
      const runId = await mapOrganization(
        services,
        {
          organizationId: organization.id,
          zitadelOrgId,
          ...(netbirdProjectId === undefined ? {} : { netbirdProjectId }),
        },
        { actor: callerOf(request).subject, reason, requestId: request.id },
      );
      const run = await answerRun(services, request, reply, { runId });
      const now = await findOrganization(database, organization.id);
      return { organization: showOrganization(now ?? organization), run };
    },
  });
}
