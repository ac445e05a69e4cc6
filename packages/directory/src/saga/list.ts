import type { Database, RunState } from '../database/index.ts';
import type { Run, StepRow } from './store.ts';

/** Which runs to list. */
export interface ListRuns {
  readonly organizationId?: string;
  readonly state?: RunState;
  readonly userId?: string;
  readonly batchId?: string;
  /** Id of the last run of the page before. */
  readonly after?: string;
  readonly limit: number;
}

export interface RunPage {
  readonly items: readonly { readonly run: Run; readonly steps: readonly StepRow[] }[];
  readonly next?: string;
}

/** Runs with their steps, the newest first. */
export async function listRuns(database: Database, list: ListRuns): Promise<RunPage> {
  const { organizationId, state, userId, batchId, after, limit } = list;
  return await database.read(async (db) => {
    let query = db
      .selectFrom('provisioning_runs')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (organizationId !== undefined) query = query.where('organization_id', '=', organizationId);
    if (state !== undefined) query = query.where('state', '=', state);
    if (userId !== undefined) query = query.where('user_id', '=', userId);
    if (batchId !== undefined) query = query.where('batch_id', '=', batchId);
    if (after !== undefined) query = query.where('id', '<', after);
    const found = await query.execute();
    const runs = found.slice(0, limit);
    const ids = runs.map(({ id }) => id);
    const steps =
      ids.length === 0
        ? []
        : await db
            .selectFrom('provisioning_steps')
            .selectAll()
            .where('run_id', 'in', ids)
            .orderBy('position')
            .execute();
    const stepsOf = Map.groupBy(steps, ({ run_id }) => run_id);
    const last = found.length > limit ? runs.at(-1) : undefined;
    return {
      items: runs.map((run) => ({ run, steps: stepsOf.get(run.id) ?? [] })),
      ...(last ? { next: last.id } : {}),
    };
  });
}
