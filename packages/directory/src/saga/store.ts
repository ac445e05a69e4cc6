import type { Selectable, Transaction } from 'kysely';
import type { Database, RunTable, Schema, StepState, StepTable } from '../database/index.ts';

export type Run = Selectable<RunTable>;
export type StepRow = Selectable<StepTable>;

export interface NewRun {
  readonly id: string;
  readonly saga: string;
  readonly organizationId: string;
  readonly userId?: string;
  readonly input: unknown;
  readonly title?: string;
  readonly batchId?: string;
  readonly requestedBy: string;
  readonly requestId?: string;
  readonly steps: readonly { readonly name: string; readonly title: string }[];
  readonly at: Date;
}

/** Writes a run and its pending steps. */
export async function insertRun(trx: Transaction<Schema>, run: NewRun): Promise<void> {
  await trx
    .insertInto('provisioning_runs')
    .values({
      id: run.id,
      saga: run.saga,
      organization_id: run.organizationId,
      user_id: run.userId ?? null,
      title: run.title ?? null,
      batch_id: run.batchId ?? null,
      state: 'queued',
      input: JSON.stringify(run.input),
      requested_by: run.requestedBy,
      request_id: run.requestId ?? null,
      created_at: run.at,
      updated_at: run.at,
    })
    .execute();
  await trx
    .insertInto('provisioning_steps')
    .values(
      run.steps.map((step, position) => ({
        run_id: run.id,
        position,
        name: step.name,
        title: step.title,
        state: 'pending' as const,
        attempts: 0,
      })),
    )
    .execute();
  if (run.userId === undefined) return;
  await trx.updateTable('users').set({ last_run_id: run.id }).where('id', '=', run.userId).execute();
}

/** A run with its steps in order. */
export async function loadRun(
  database: Database,
  id: string,
): Promise<{ run: Run; steps: StepRow[] } | undefined> {
  return await database.read(async (db) => {
    const run = await db.selectFrom('provisioning_runs').selectAll().where('id', '=', id).executeTakeFirst();
    if (!run) return undefined;
    const steps = await db
      .selectFrom('provisioning_steps')
      .selectAll()
      .where('run_id', '=', id)
      .orderBy('position')
      .execute();
    return { run, steps };
  });
}

/**
 * Takes a run for one worker, unless another has it. A run that waits for a person, or is over, is not taken; nor is one
 * while an earlier run of the same user is under way, so that "deactivate" never overtakes "create".
 *
 * @returns whether the worker has it now
 */
export async function acquireLease(
  database: Database,
  id: string,
  lease: { readonly owner: string; readonly now: Date; readonly until: Date },
): Promise<boolean> {
  const taken = await database.read((db) =>
    db
      .updateTable('provisioning_runs')
      .set({ lease_owner: lease.owner, lease_until: lease.until, updated_at: lease.now })
      .where('id', '=', id)
      .where('state', 'in', ['queued', 'running', 'compensating'])
      .where((or) => or.or([or('lease_until', 'is', null), or('lease_until', '<=', lease.now)]))
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('provisioning_runs as earlier')
              .select('earlier.id')
              .whereRef('earlier.user_id', '=', 'provisioning_runs.user_id')
              .whereRef('earlier.id', '<', 'provisioning_runs.id')
              .where('earlier.state', 'in', ['queued', 'running', 'compensating']),
          ),
        ),
      )
      .returning('id')
      .executeTakeFirst(),
  );
  return taken !== undefined;
}

/** The run that was waiting for another run of the same user to be over, if there is one. */
export async function nextOfUser(
  trx: Transaction<Schema>,
  userId: string | null,
): Promise<string | undefined> {
  if (userId === null || userId === '') return undefined;
  const next = await trx
    .selectFrom('provisioning_runs')
    .select('id')
    .where('user_id', '=', userId)
    .where('state', 'in', ['queued', 'compensating'])
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return next?.id;
}

/** Thrown when another worker has taken the run over: this one must not write anything more. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Changes a run, if this worker still has it. Also renews the lease. */
export async function updateRun(
  trx: Transaction<Schema>,
  id: string,
  owner: string,
  change: Partial<
    Pick<Run, 'state' | 'reason' | 'reason_code' | 'finished_at' | 'lease_owner' | 'lease_until'>
  > & {
    readonly updated_at: Date;
  },
): Promise<void> {
  const changed = await trx
    .updateTable('provisioning_runs')
    .set(change)
    .where('id', '=', id)
    .where('lease_owner', '=', owner)
    .returning('id')
    .executeTakeFirst();
  if (!changed) throw new LeaseLost(`run ${id} is no longer held by ${owner}`);
}

/** Changes one step of a run. */
export async function updateStep(
  trx: Transaction<Schema>,
  runId: string,
  position: number,
  change: Partial<Omit<StepRow, 'run_id' | 'position' | 'name' | 'title' | 'output' | 'state'>> & {
    readonly state: StepState;
    readonly output?: unknown;
  },
): Promise<void> {
  const { output, ...columns } = change;
  await trx
    .updateTable('provisioning_steps')
    .set({ ...columns, ...(output === undefined ? {} : { output: JSON.stringify(output) }) })
    .where('run_id', '=', runId)
    .where('position', '=', position)
    .execute();
}
