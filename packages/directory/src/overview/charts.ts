import { sql } from 'kysely';
import type { Database } from '../database/index.ts';

/** What the charts of the overview are drawn from. */
export interface Charts {
  /** Deactivations of seven days, and how long each took until the user was denied. */
  readonly timeToDeny: readonly { readonly at: Date; readonly ms: number; readonly id: string }[];
  /** The last 48 sweeps. */
  readonly drift: readonly {
    readonly sweep: string;
    readonly at: Date;
    readonly corrected: number;
    readonly left: number;
    readonly limit: number;
  }[];
  /** Runs of 24 hours by the hour they began. */
  readonly provisioning: readonly {
    readonly hour: Date;
    readonly done: number;
    readonly waiting: number;
    readonly attention: number;
    readonly quarantined: number;
  }[];
  /** From event to inbox, of 24 hours by hour. */
  readonly eventLag: readonly { readonly at: Date; readonly p50Ms: number; readonly p99Ms: number }[];
}

const day = 86_400_000;
const mostDots = 1_000;

/** Reads the charts of one organization, or of all. */
export async function readCharts(
  database: Database,
  now: Date,
  organizationId: string | undefined,
): Promise<Charts> {
  const week = new Date(now.getTime() - 7 * day);
  const yesterday = new Date(now.getTime() - day);
  return await database.read(async (db) => {
    const denied = await db
      .selectFrom('status_changes')
      .select(['at', 'denied_after_ms', 'user_id'])
      .where('at', '>=', week)
      .where('denied_after_ms', 'is not', null)
      .$if(organizationId !== undefined, (query) => query.where('organization_id', '=', organizationId ?? ''))
      .orderBy('at', 'desc')
      .limit(mostDots)
      .execute();
    const sweeps = await db
      .selectFrom('sweeps')
      .select(['id', 'started_at', 'activated', 'deactivated', 'corrected', 'held', 'brake_limit'])
      .where('state', '<>', 'running')
      .orderBy('id', 'desc')
      .limit(48)
      .execute();
    const { rows: runs } = await sql<{ hour: Date; state: string; count: string }>`
      select date_trunc('hour', created_at) as hour, state, count(*)::text as count
      from provisioning_runs
      where created_at >= ${yesterday} and (${organizationId ?? null}::text is null or organization_id = ${organizationId ?? null})
      group by 1, 2 order by 1`.execute(db);
    const { rows: lag } = await sql<{ hour: Date; p50: number; p99: number }>`
      select date_trunc('hour', received_at) as hour,
        percentile_cont(0.5) within group (order by extract(epoch from received_at - created_at)) as p50,
        percentile_cont(0.99) within group (order by extract(epoch from received_at - created_at)) as p99
      from events_inbox where received_at >= ${yesterday}
        -- What was there before anybody listened was not late.
        and created_at >= (select min(received_at) from events_inbox)
      group by 1 order by 1`.execute(db);
    return {
      timeToDeny: denied.map((row) => ({ at: row.at, ms: row.denied_after_ms ?? 0, id: row.user_id })),
      drift: sweeps.reverse().map((sweep) => ({
        sweep: sweep.id,
        at: sweep.started_at,
        corrected: sweep.activated + sweep.deactivated + sweep.corrected,
        left: sweep.held,
        limit: sweep.brake_limit ?? 0,
      })),
      provisioning: byHour(runs),
      eventLag: lag.map(({ hour, p50, p99 }) => ({ at: hour, p50Ms: toMs(p50), p99Ms: toMs(p99) })),
    };
  });
}

function byHour(
  rows: readonly { readonly hour: Date; readonly state: string; readonly count: string }[],
): Charts['provisioning'] {
  return [...Map.groupBy(rows, ({ hour }) => hour.getTime())].map(([hour, group]) => {
    const count = (state: string) => Number(group.find((row) => row.state === state)?.count ?? 0);
    return {
      hour: new Date(hour),
      done: count('done'),
      waiting: count('waiting'),
      attention: count('attention'),
      quarantined: count('quarantined'),
    };
  });
}

/** Clocks differ: an event may seem to arrive before it happened. */
function toMs(seconds: number): number {
  return Math.max(0, Math.round(Number(seconds) * 1_000));
}
