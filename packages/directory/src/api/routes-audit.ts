import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  type AuditFilter,
  type AuditRow,
  countAudit,
  listAudit,
  recordAudit,
  streamAudit,
  verifyAudit,
} from '../audit/index.ts';
import { findOrganization } from '../organizations/index.ts';
import { organizationOf } from './access.ts';
import { askedBy } from './asked.ts';
import * as schemas from './schemas.ts';
import { listed, withoutText, words } from './schemas-filters.ts';
import type { Api, ApiServices } from './services.ts';

const filter = z.strictObject({
  organization: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('Id or slug. Left out, by site administrators only: everything.'),
  actor: z.string().max(200).optional(),
  action: z.string().max(200).optional().describe('The action, or what it begins with: user.'),
  object: z.string().max(200).optional(),
  request: z.string().max(200).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
  q: words('action, kind of object, reason, and name and address of the person concerned'),
  'actor!': withoutText,
  'action!': withoutText,
  'object!': withoutText,
  'request!': withoutText,
  'q!': withoutText,
});
const listQuery = filter.extend({
  after: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional()
    .describe('The cursor `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  count: z
    .stringbool()
    .default(false)
    .describe(
      'Also count all that match, as before an export; over all organizations no further than 10,000.',
    ),
});
const auditEntry = z
  .object({
    sequence: z.string(),
    organizationId: z.string().nullable(),
    at: z.iso.datetime(),
    actor: z.string(),
    action: z.string(),
    objectType: z.string(),
    objectId: z.string(),
    from: z.unknown(),
    to: z.unknown(),
    reason: z.string().nullable(),
    requestId: z.string().nullable(),
    personal: z.record(z.string(), z.string()).nullable().describe('Null once the person was erased.'),
    sealed: z.boolean(),
    hash: z.string().nullable(),
    previousHash: z.string().nullable(),
    position: z.int().nullable(),
  })
  .meta({ id: 'AuditEntry' });
const verification = z
  .object({
    checked: z.int().describe('Entries whose hash, order and predecessor are right.'),
    unsealed: z.int().describe('Entries too young to be sealed.'),
    through: z.iso.datetime().nullable().describe('Time of the last sealed entry.'),
    brokenAt: z.string().nullable().describe('Sequence of the first entry that is not what it should be.'),
  })
  .meta({ id: 'AuditVerification' });

/** Routes under `/api/audit`. */
export function auditRoutes(app: Api, { database, engine }: ApiServices): void {
  const access = {
    kind: 'organization' as const,
    permission: 'audit.read' as const,
    organizationId: async ({ query }: { query: unknown }) => {
      const { organization } = query as z.infer<typeof filter>;
      return organization === undefined ? null : (await findOrganization(database, organization))?.id;
    },
  };

  app.route({
    method: 'GET',
    url: '/api/audit',
    config: { access },
    schema: {
      summary: 'List who did what, the newest first',
      querystring: listQuery,
      response: {
        200: z.object({ items: z.array(auditEntry), next: z.string().nullable(), total: z.int().optional() }),
        ...schemas.problems,
      },
    },
    handler: async (request) => {
      const { after, limit, count, ...rest } = request.query;
      const list = toList(rest, request.organizationId);
      const page = await listAudit(database, { ...list, limit, ...(after === undefined ? {} : { after }) });
      const total = count ? await countAudit(database, list) : undefined;
      return {
        items: page.items.map(show),
        next: page.next ?? null,
        ...(total === undefined ? {} : { total }),
      };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/audit/verification',
    config: { access },
    schema: {
      summary: "Check the hash chain of an organization's audit, or of the site's own",
      querystring: filter.pick({ organization: true }),
      response: { 200: verification, ...schemas.problems },
    },
    handler: async (request) => {
      const organizationId = request.organizationId ?? null;
      const { brokenAt = null, ...found } = await verifyAudit(database, organizationId);
      const last = await database.read((db) =>
        db
          .selectFrom('audit')
          .select('at')
          .where('organization_id', organizationId === null ? 'is' : '=', organizationId)
          .where('hash', 'is not', null)
          .orderBy('chain_position', 'desc')
          .limit(1)
          .executeTakeFirst(),
      );
      return { ...found, brokenAt, through: last?.at.toISOString() ?? null };
    },
  });

  app.route({
    method: 'GET',
    url: '/api/audit/export',
    config: { access },
    schema: {
      summary: 'Stream all that matches as JSON lines, the oldest first',
      querystring: filter,
      produces: ['application/x-ndjson'],
    },
    handler: async (request, reply) => {
      const list = toList(request.query, request.organizationId);
      // Taking the record away is itself a matter of record.
      await database.transaction((trx) =>
        recordAudit(trx, {
          ...askedBy(request),
          ...(request.organizationId === undefined ? {} : { organizationId: organizationOf(request) }),
          action: 'audit.export',
          objectType: 'audit',
          objectId: request.organizationId ?? 'site',
          to: request.query,
          at: engine.now(),
        }),
      );
      return await reply
        .header('content-type', 'application/x-ndjson')
        .header('content-disposition', 'attachment; filename="audit.jsonl"')
        .send(Readable.from(lines(streamAudit(database, list))));
    },
  });
}

async function* lines(rows: AsyncIterable<AuditRow>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(show(row))}\n`;
}

function toList(
  { actor, action, object, request, from, to, q, ...left }: z.infer<typeof filter>,
  organizationId: string | undefined,
): AuditFilter {
  return {
    without: {
      actors: listed(left['actor!']),
      actions: listed(left['action!']),
      objectIds: listed(left['object!']),
      requestIds: listed(left['request!']),
      words: listed(left['q!']),
    },
    ...(q === undefined ? {} : { q }),
    ...(organizationId === undefined ? {} : { organizationId }),
    ...(actor === undefined ? {} : { actor }),
    ...(action === undefined ? {} : { action }),
    ...(object === undefined ? {} : { objectId: object }),
    ...(request === undefined ? {} : { requestId: request }),
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: new Date(to) }),
  };
}

function show(row: AuditRow): z.infer<typeof auditEntry> {
  return {
    sequence: row.sequence,
    organizationId: row.organization_id,
    at: row.at.toISOString(),
    actor: row.actor,
    action: row.action,
    objectType: row.object_type,
    objectId: row.object_id,
    from: row.from_value,
    to: row.to_value,
    reason: row.reason,
    requestId: row.request_id,
    personal: row.personal,
    sealed: row.hash !== null,
    hash: row.hash,
    previousHash: row.previous_hash,
    position: row.chain_position,
  };
}
