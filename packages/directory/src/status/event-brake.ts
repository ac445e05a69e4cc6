import { sql, type Transaction } from 'kysely';
import type { Schema } from '../database/index.ts';
import type { SettingValues } from '../settings/index.ts';
import { type BrakeSettings, organizationLimit, sweepLimit } from './brake.ts';

/** Deactivations by events within this time count together. */
const windowMs = 10 * 60_000;
// One at a time on the whole database, or two would both be the last one allowed.
const brakeLock = 0x44_42_45_42;

/**
 * Whether one more deactivation by an event would be more than a sweep could do without asking: a Zitadel that was emptied
 * tells of it in events, one user at a time.
 */
export async function isBeyondEventBrake(
  trx: Transaction<Schema>,
  organizationId: string,
  values: SettingValues,
  at: Date,
): Promise<boolean> {
  const on = values['sync.brakeOn'];
  if (!on) return false;
  await sql`select pg_advisory_xact_lock(${brakeLock}::bigint)`.execute(trx);
  const { all, own } = await trx
    .selectFrom('status_changes')
    .select((column) => [
      column.fn.countAll<string>().as('all'),
      column.fn.countAll<string>().filterWhere('organization_id', '=', organizationId).as('own'),
    ])
    .where('cause', '=', 'event')
    .where('to_state', '=', 'inactive')
    .where('at', '>', new Date(at.getTime() - windowMs))
    .executeTakeFirstOrThrow();
  const { active } = await trx
    .selectFrom('users')
    .select((column) => column.fn.countAll<string>().as('active'))
    .where('organization_id', '=', organizationId)
    .where('active', '=', true)
    .where('zitadel_user_id', 'is not', null)
    .executeTakeFirstOrThrow();
  const settings = { on, users: values['sync.brakeUsers'], percent: values['sync.brakePercent'] };
  const would = Number(all) + 1;
  const limit = sweepLimit(settings, await countUsers(trx, settings, would)) ?? Number.POSITIVE_INFINITY;
  const ownLimit = organizationLimit(settings, Number(active) + Number(own)) ?? Number.POSITIVE_INFINITY;
  return would > limit || Number(own) + 1 > ownLimit;
}

/** Users of all organizations, counted no further than matters: a large directory is not read whole for every event. */
async function countUsers(trx: Transaction<Schema>, settings: BrakeSettings, would: number): Promise<number> {
  if (would <= settings.users || settings.percent <= 0) return 0;
  const { count } = await trx
    .selectFrom((from) =>
      from
        .selectFrom('users')
        .select('id')
        .where('zitadel_user_id', 'is not', null)
        .limit(Math.ceil((would * 100) / settings.percent))
        .as('counted'),
    )
    .select((column) => column.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
