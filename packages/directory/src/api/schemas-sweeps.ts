import { z } from 'zod';
import type { SweepItemView, SweepView } from '../status/index.ts';
import * as schemas from './schemas.ts';
import { without, withoutText, words } from './schemas-filters.ts';

const sweepStates = ['running', 'done', 'braked', 'approved', 'discarded', 'failed'] as const;
const sweepCauses = ['timer', 'person', 'start', 'event'] as const;
const itemStates = ['held', 'approved', 'applied', 'dropped', 'skipped', 'failed'] as const;
const time = z.iso.datetime();
const named = z.string().min(1).max(200).optional();

export const sweepView = z
  .object({
    id: z.string(),
    organizationId: z.string().nullable().describe('Null for a sweep of all organizations.'),
    cause: z.enum(sweepCauses),
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

export const sweepItem = z
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

export const sweepPart = z.strictObject({
  organization: named.describe('Id or slug. Site administrators may leave it out.'),
});
const page = {
  after: z.string().max(1_000).optional().describe('The cursor `next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
};
export const listQuery = sweepPart.extend({
  state: z.enum(sweepStates).optional(),
  cause: z.enum(sweepCauses).optional(),
  q: words('cause, who asked for it, and id'),
  'state!': without(z.enum(sweepStates)),
  'cause!': without(z.enum(sweepCauses)),
  'q!': withoutText,
  ...page,
});
export const itemsQuery = sweepPart.extend({ state: z.enum(itemStates).optional(), ...page });
export const approveBody = z
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

/** A sweep as the API shows it. */
export function showSweep({ sweep: row, organizations }: SweepView): z.infer<typeof sweepView> {
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

/** Somebody whom a sweep found differing, as the API shows them. */
export function showItem({
  item: row,
  email,
  name,
  zitadelSeenAt,
}: SweepItemView): z.infer<typeof sweepItem> {
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
