import { sql } from 'kysely';
import type { Database } from '../database/index.ts';

/** Something that waits for a person. */
export interface Attention {
  readonly kind: 'attention' | 'quarantined' | 'sweep' | 'key' | 'integration';
  readonly id: string;
  readonly title: string;
  readonly since: Date;
  readonly action: string;
  readonly organizationId: string | null;
}

const most = 50;

/** Runs that stopped and sweeps that are held, the oldest first. Of one organization, or of all. */
export async function readAttention(
  database: Database,
  organizationId: string | undefined,
): Promise<Attention[]> {
  return await database.read(async (db) => {
    const runs = await db
      .selectFrom('provisioning_runs')
      .select(['id', 'state', 'title', 'saga', 'reason', 'updated_at', 'organization_id'])
      .where('state', 'in', ['attention', 'quarantined'])
      .$if(organizationId !== undefined, (query) => query.where('organization_id', '=', organizationId ?? ''))
      .orderBy('updated_at')
      .limit(most)
      .execute();
    const sweeps = await db
      .selectFrom('sweeps')
      .select(['id', 'held', 'started_at', 'organization_id'])
      .where('state', '=', 'braked')
      .$if(organizationId !== undefined, (query) =>
        query.where((or) =>
          or.or([
            or('organization_id', '=', organizationId ?? ''),
            or.exists(
              or
                .selectFrom('sweep_items')
                .select(sql`1`.as('one'))
                .whereRef('sweep_items.sweep_id', '=', 'sweeps.id')
                .where('sweep_items.organization_id', '=', organizationId ?? ''),
            ),
          ]),
        ),
      )
      .orderBy('started_at')
      .limit(most)
      .execute();
    return [
      ...runs.map((run) => ({
        kind: run.state === 'quarantined' ? ('quarantined' as const) : ('attention' as const),
        id: run.id,
        title: `${run.title ?? run.saga}: ${run.reason ?? 'stopped'}`,
        since: run.updated_at,
        action: 'decide',
        organizationId: run.organization_id,
      })),
      ...sweeps.map((sweep) => ({
        kind: 'sweep' as const,
        id: sweep.id,
        title: `A sweep would deactivate ${sweep.held} users. Nobody was deactivated.`,
        since: sweep.started_at,
        action: 'look at the plan',
        organizationId: sweep.organization_id,
      })),
    ].sort((a, b) => a.since.getTime() - b.since.getTime());
  });
}
