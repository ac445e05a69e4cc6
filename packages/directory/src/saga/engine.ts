import { hostname } from 'node:os';
import {
  type Clock,
  type Logger,
  type Metrics,
  newId,
  noMetrics,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import type { RunState, Schema } from '../database/index.ts';
import { type AttemptPolicy, attemptStep } from './attempt.ts';
import { compensateRun } from './compensate.ts';
import type { EngineOptions, StartRun } from './engine-options.ts';
import { recordResult, sendNext } from './record-result.ts';
import type { Saga, Step, StepContext, StepResult } from './step.ts';
import {
  acquireLease,
  insertRun,
  LeaseLost,
  loadRun,
  type Run,
  type StepRow,
  updateRun,
  updateStep,
} from './store.ts';

/**
 * Executes sagas so that a process may end at any point: each step is recorded before and after its call, a lease keeps
 * two workers from one run, and whoever takes a run over goes on behind the last recorded step.
 */
export class SagaEngine {
  readonly #options: EngineOptions;
  readonly #sagas: ReadonlyMap<string, Saga<unknown>>;
  readonly #owner = `${hostname()}/${process.pid}/${newId().slice(-6)}`;
  readonly #stopping = new AbortController();
  readonly #policy: AttemptPolicy;
  readonly #metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#sagas = new Map(options.sagas.map((saga) => [saga.name, saga as unknown as Saga<unknown>]));
    this.clock = options.clock ?? systemClock;
    this.logger = options.logger ?? silentLogger;
    this.#metrics = options.metrics ?? noMetrics;
    this.#policy = {
      attempts: options.attempts ?? 6,
      patienceMs: options.patienceMs ?? 3_600_000,
      baseMs: options.retryBaseMs ?? 1_000,
      maxMs: options.retryMaxMs ?? 60_000,
      random: options.random ?? Math.random,
    };
  }

  /** Writes a run, its steps and its job in the caller's transaction. */
  async start<Input>(trx: Transaction<Schema>, start: StartRun<Input>): Promise<string> {
    const id = newId({ now: () => this.clock.now() });
    await insertRun(trx, { ...start, id, saga: start.saga.name, steps: start.saga.steps, at: this.now() });
    await this.#options.jobs.send(trx, 'run', { runId: id });
    return id;
  }

  /** Goes on with a run until it is over or has to wait. Does nothing when another worker has it. */
  async execute(runId: string): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const now = this.now();
    if (
      !(await acquireLease(this.#options.database, runId, {
        owner: this.#owner,
        now,
        until: this.#leaseEnd(),
      }))
    )
      return;
    try {
      await this.#pause('run:taken');
      const loaded = await loadRun(this.#options.database, runId);
      if (!loaded) return;
      const saga = this.#sagas.get(loaded.run.saga);
      if (!saga) throw new Error(`no saga named ${loaded.run.saga}`);
      if (loaded.run.state === 'compensating') await this.#compensate(saga, loaded.run, loaded.steps);
      else await this.#forward(saga, loaded.run, loaded.steps);
    } catch (error) {
      if (error instanceof LeaseLost) {
        this.logger.warn({ run: runId }, 'another worker has taken this run over');
        return;
      }
      await this.#letGo(runId);
      if (!this.#stopping.signal.aborted) throw error;
    }
  }

  /** The saga of a stored run, while this version knows it. */
  saga(name: string): Saga<unknown> | undefined {
    return this.#sagas.get(name);
  }

  /** Ends what is under way at the next safe point; the runs go on elsewhere, or here after a restart. */
  stop(): void {
    this.#stopping.abort();
  }

  now(): Date {
    return new Date(this.clock.now());
  }

  async #forward(saga: Saga<unknown>, run: Run, rows: readonly StepRow[]): Promise<void> {
    const outputs = new Map(rows.map((row) => [row.name, row.output]));
    let late = false;
    for (const [position, step] of saga.steps.entries()) {
      const row = rows[position];
      if (!row) throw new Error(`run ${run.id} has no step ${position}`);
      if (row.state === 'done') continue;
      if (row.state === 'late') {
        late = true;
        continue;
      }
      if (row.next_try_at && row.next_try_at > this.now()) return await this.#later(run.id, row.next_try_at);
      const result = await this.#try(step, run, row, outputs);
      if (result.outcome === 'done') outputs.set(step.name, result.output);
      else if (result.outcome === 'late') late = true;
      else return;
    }
    await this.#finish(run, late ? 'waiting' : 'done');
  }

  async #try(
    step: Step<unknown>,
    run: Run,
    row: StepRow,
    outputs: Map<string, unknown>,
  ): Promise<StepResult<unknown>> {
    const { database } = this.#options;
    const attempt = row.attempts + 1;
    const context = this.#context(step, run, outputs, attempt);
    await database.transaction(async (trx) => {
      await updateRun(trx, run.id, this.#owner, {
        state: 'running',
        lease_until: this.#leaseEnd(),
        updated_at: this.now(),
      });
      await updateStep(trx, run.id, row.position, {
        state: 'running',
        idempotency_key: context.key,
        attempts: attempt,
        started_at: row.started_at ?? this.now(),
        next_try_at: null,
      });
    });
    await this.#pause(`${step.name}:recorded`);
    const began = performance.now();
    const since = this.clock.now() - (row.started_at ?? this.now()).getTime();
    const result = await attemptStep(step, context, this.#policy, since);
    const labels = { saga: run.saga, step: step.name, outcome: result.outcome };
    this.#metrics.observe(
      'drawbridge_run_step_duration_seconds',
      labels,
      (performance.now() - began) / 1_000,
    );
    await this.#pause(`${step.name}:called`);
    await recordResult(
      {
        database,
        jobs: this.#options.jobs,
        owner: this.#owner,
        now: this.now(),
        leaseEnd: this.#leaseEnd(),
        defaultRetryMs: this.#policy.baseMs,
      },
      { step, context, position: row.position, result },
    );
    if (result.outcome === 'attention' || result.outcome === 'quarantined')
      this.#count(run.saga, result.outcome);
    if (result.outcome !== 'done') {
      const code = 'code' in result ? result.code : result.outcome;
      this.logger.info({ run: run.id, step: step.name, code }, 'a step did not finish');
    }
    await this.#pause(`${step.name}:done`);
    return result;
  }

  /** A job that came too early is put off, not dropped. */
  async #later(runId: string, next: Date): Promise<void> {
    await this.#options.database.transaction(async (trx) => {
      await updateRun(trx, runId, this.#owner, {
        lease_owner: null,
        lease_until: null,
        updated_at: this.now(),
      });
      await this.#options.jobs.send(trx, 'run', { runId }, next);
    });
  }

  #count(saga: string, outcome: string): void {
    this.#metrics.count('drawbridge_runs_total', { saga, outcome });
  }

  async #finish(
    { id: runId, saga, user_id: userId }: Run,
    state: RunState,
    also?: (trx: Transaction<Schema>) => Promise<void> | undefined,
  ): Promise<void> {
    const now = this.now();
    await this.#options.database.transaction(async (trx) => {
      await updateRun(trx, runId, this.#owner, {
        state,
        reason: null,
        reason_code: null,
        lease_owner: null,
        lease_until: null,
        finished_at: now,
        updated_at: now,
      });
      await also?.(trx);
      await sendNext(trx, this.#options.jobs, userId);
    });
    await this.#pause('run:finished');
    this.#count(saga, state);
    this.logger.info({ run: runId, code: state }, 'run finished');
  }

  async #compensate(saga: Saga<unknown>, run: Run, rows: readonly StepRow[]): Promise<void> {
    const outputs = new Map(rows.map((row) => [row.name, row.output]));
    const failed = await compensateRun({
      saga,
      rows,
      context: (step, attempt) => this.#context(step, run, outputs, attempt),
      policy: this.#policy,
      pause: (point) => this.#pause(point),
      record: (position) =>
        this.#options.database.transaction(async (trx) => {
          await updateRun(trx, run.id, this.#owner, {
            lease_until: this.#leaseEnd(),
            updated_at: this.now(),
          });
          await updateStep(trx, run.id, position, { state: 'compensated', finished_at: this.now() });
        }),
    });
    if (!failed) {
      return await this.#finish(run, 'compensated', (trx) =>
        saga.compensated?.(trx, { userId: run.user_id ?? '' }),
      );
    }
    await this.#options.database.transaction(async (trx) => {
      await updateRun(trx, run.id, this.#owner, {
        state: 'attention',
        reason_code: failed.code,
        reason: failed.reason,
        lease_owner: null,
        lease_until: null,
        updated_at: this.now(),
      });
      await sendNext(trx, this.#options.jobs, run.user_id);
    });
  }

  #context(
    step: Step<unknown>,
    run: Run,
    outputs: ReadonlyMap<string, unknown>,
    attempt: number,
  ): StepContext<unknown> {
    const base = {
      runId: run.id,
      organizationId: run.organization_id,
      userId: run.user_id ?? '',
      input: run.input,
      output<T>(name: string): T {
        return outputs.get(name) as T;
      },
      signal: AbortSignal.any([
        this.#stopping.signal,
        AbortSignal.timeout(this.#options.stepTimeoutMs ?? 30_000),
      ]),
      logger: this.logger.child({ run: run.id, step: step.name }),
    };
    return { ...base, key: step.key(base), attempt };
  }

  #leaseEnd(): Date {
    return new Date(this.clock.now() + 2 * (this.#options.stepTimeoutMs ?? 30_000));
  }

  /** Gives the lease back so that another try need not wait for its end. A dead database makes this moot. */
  async #letGo(runId: string): Promise<void> {
    try {
      await this.#options.database.transaction((trx) =>
        updateRun(trx, runId, this.#owner, { lease_owner: null, lease_until: null, updated_at: this.now() }),
      );
    } catch (err) {
      this.logger.warn({ run: runId, err }, 'the lease of a run could not be given back; it will expire');
    }
  }

  async #pause(point: string): Promise<void> {
    await this.#options.pause?.(point);
  }
}
