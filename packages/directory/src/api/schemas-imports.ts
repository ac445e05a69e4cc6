import { z } from 'zod';
import { type ImportView, type RowView, rowOutcomes } from '../imports/index.ts';

const time = z.iso.datetime();
const count = z.int();
const plans = ['create', 'change', 'same', 'refuse'] as const;
export const importView = z
  .object({
    id: z.string(),
    organizationId: z.string(),
    fileName: z.string(),
    state: z
      .enum(['reading', 'checked', 'running', 'stopping', 'stopped', 'done', 'refused'])
      .describe('checked: the dry run is over, and nothing was changed.'),
    code: z.string().nullable(),
    reason: z.string().nullable().describe('Why the file was refused.'),
    requestedBy: z.string(),
    total: count,
    plan: z.object({ create: count, change: count, same: count, refuse: count }),
    mails: count.describe('Invitations that it sends.'),
    outcome: z.object({ done: count, waiting: count, attention: count, failed: count, running: count }),
    ratePerSecond: z.number().nullable().describe('Rows a second since the start.'),
    leftMs: z
      .number()
      .nullable()
      .describe('Time that is left, in milliseconds; before the start an estimate.'),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Import' });
export const importRow = z
  .object({
    row: z.int().describe('Line in the file; the header is 1.'),
    plan: z.enum(plans),
    state: z
      .enum(rowOutcomes)
      .describe('What became of it: open until it is started, none where nothing was to do.'),
    email: z.string().nullable().describe('Null where it is missing, or the person was erased.'),
    givenName: z.string().nullable(),
    familyName: z.string().nullable(),
    role: z.string().nullable(),
    userId: z.string().nullable(),
    runId: z.string().nullable(),
    field: z.string().nullable().describe('Column that is wrong.'),
    value: z.string().nullable().describe('What stands there.'),
    code: z.string().nullable(),
    message: z.string().nullable(),
  })
  .meta({ id: 'ImportRow' });

export const organizationQuery = z.strictObject({
  organization: z.string().min(1).max(200).describe('Id or slug.'),
});
export const uploadQuery = organizationQuery.extend({
  fileName: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine((text) => !/\p{Cc}/u.test(text), 'holds a control character')
    .default('users.csv'),
});
export const listQuery = organizationQuery.extend({
  after: z.string().max(200).optional().describe('The cursor `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const rowsQuery = z.strictObject({
  plan: z.enum(plans).optional(),
  outcome: z.enum(rowOutcomes).optional(),
  after: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export const resultsQuery = z.strictObject({
  only: z.enum(['failed']).optional().describe('The rows alone that have to be corrected.'),
});

/** What a row takes, before there is anything to measure: the calls of one run at Zitadel Cloud's rate limit. */
const expectedRowMs = 200;

/** An import as the API shows it, with how fast it is and how long it takes yet. */
export function showImport({ entry, plan, outcome }: ImportView, now: number): z.infer<typeof importView> {
  const { open, none: _none, ...ended } = outcome;
  const over = ended.done + ended.waiting + ended.attention + ended.failed;
  const began = entry.started_at?.getTime();
  const seconds = began === undefined ? 0 : ((entry.finished_at?.getTime() ?? now) - began) / 1_000;
  const rate = seconds > 0 && over > 0 ? over / seconds : null;
  const left = open + ended.running;
  const perRow = rate === null ? expectedRowMs : 1_000 / rate;
  return {
    id: entry.id,
    organizationId: entry.organization_id,
    fileName: entry.file_name,
    state: entry.state,
    code: entry.reason_code,
    reason: entry.reason,
    requestedBy: entry.requested_by,
    total: entry.total,
    plan,
    mails: entry.mails,
    outcome: ended,
    ratePerSecond: rate === null ? null : Math.round(rate * 100) / 100,
    leftMs: entry.state === 'checked' || entry.state === 'running' ? Math.round(left * perRow) : null,
    createdAt: entry.created_at.toISOString(),
    startedAt: entry.started_at?.toISOString() ?? null,
    finishedAt: entry.finished_at?.toISOString() ?? null,
  };
}

/** A row as the API shows it. */
export function showRow({ content, outcome, field, ...row }: RowView): z.infer<typeof importRow> {
  return {
    ...row,
    state: outcome,
    field,
    value: field === null ? null : (content[field] ?? ''),
    email: content.email ?? null,
    givenName: content.given_name ?? null,
    familyName: content.family_name ?? null,
    role: content.role ?? null,
  };
}
