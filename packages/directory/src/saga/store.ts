import type { Kysely, QueryCreator, Selectable, Transaction } from 'kysely';
import type { Database, RunTable, Schema, StepState, StepTable } from '../database/index.ts';
import type { SubjectChanges } from './step.ts';

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
  const run = await database.read((db) =>
    db.selectFrom('provisioning_runs').selectAll().where('id', '=', id).executeTakeFirst(),
  );
  return run && { run, steps: await loadSteps(database, id) };
}

/**
 * Takes a run for one worker, unless another has it. A run that waits for a person, or is over, is not taken; nor is one
 * while an earlier run of the same user is under way, so that "deactivate" never overtakes "create".
 *
 * @returns the run, where the worker has it now
 */
export async function acquireLease(
  database: Database,
  id: string,
  lease: { readonly owner: string; readonly now: Date; readonly until: Date },
): Promise<Run | undefined> {
  return await database.read((db) =>
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
      .returningAll()
      .executeTakeFirst(),
  );
}

/** The steps of a run in order. */
export async function loadSteps(database: Database, runId: string): Promise<StepRow[]> {
  return await database.read((db) =>
    db.selectFrom('provisioning_steps').selectAll().where('run_id', '=', runId).orderBy('position').execute(),
  );
}

/** The run that was waiting for another run of the same user to be over, if there is one. */
export async function nextOfUser(db: Kysely<Schema>, userId: string | null): Promise<string | undefined> {
  if (userId === null || userId === '') return undefined;
  const next = await db
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

/** What a worker may change of a run that it holds. */
export type RunChange = Partial<
  Pick<Run, 'state' | 'reason' | 'reason_code' | 'finished_at' | 'lease_owner' | 'lease_until'>
> & {
  readonly updated_at: Date;
  /** As JSON. */
  readonly input?: string;
};

/** What a worker may change of a step. */
export type StepChange = Partial<
  Omit<StepRow, 'run_id' | 'position' | 'name' | 'title' | 'output' | 'exchanges' | 'state'>
> & {
  readonly position: number;
  readonly state: StepState;
  readonly output?: unknown;
  /** As JSON. */
  readonly exchanges?: string | null;
};

/** What is written of a run at once. */
export interface Progress {
  readonly run: RunChange;
  /** The step that ended, or begins where no other ended. */
  readonly step?: StepChange | undefined;
  /** The step that begins with the other's end. */
  readonly next?: StepChange | undefined;
  /** What the step means for its user. */
  readonly subject?:
    | (SubjectChanges & { readonly userId: string; readonly organizationId: string })
    | undefined;
}

/**
 * Changes a run, steps of it and the rows of its user, if this worker still has it; else nothing at all. Also renews the
 * lease. One statement: it is written for every step of every run, and each way to the database costs as much as the work
 * there.
 *
 * @throws {LeaseLost}
 */
export async function writeProgress(
  db: Kysely<Schema>,
  held: { readonly id: string; readonly owner: string },
  { run, step, next, subject }: Progress,
): Promise<void> {
  const query = db.with('held', (inner) =>
    inner
      .updateTable('provisioning_runs')
      .set(run)
      .where('id', '=', held.id)
      .where('lease_owner', '=', held.owner)
      .returning('id'),
  );
  type Inner = Pick<QueryCreator<Schema & { held: { id: string } }>, 'updateTable'>;
  const stepped =
    ({ position, output, ...columns }: StepChange) =>
    (inner: Inner) =>
      inner
        .updateTable('provisioning_steps')
        .set({ ...columns, ...(output === undefined ? {} : { output: JSON.stringify(output) }) })
        .where('run_id', 'in', (sub) => sub.selectFrom('held').select('held.id'))
        .where('position', '=', position);
  let all = step ? query.with('step', stepped(step)) : query;
  if (next) all = all.with('next', stepped(next));
  const { user, membership, userId = '', organizationId = '' } = subject ?? {};
  if (user)
    all = all.with('of_user', (inner: Inner) =>
      inner
        .updateTable('users')
        .set(user)
        .where('id', '=', userId)
        .where(({ exists, selectFrom }) => exists(selectFrom('held').select('held.id'))),
    );
  if (membership)
    all = all.with('of_membership', (inner: Inner) =>
      inner
        .updateTable('memberships')
        .set(membership)
        .where('user_id', '=', userId)
        .where('organization_id', '=', organizationId)
        .where(({ exists, selectFrom }) => exists(selectFrom('held').select('held.id'))),
    );
  const found = await all.selectFrom('held').select('held.id').executeTakeFirst();
  if (!found) throw new LeaseLost(`run ${held.id} is no longer held by ${held.owner}`);
}
