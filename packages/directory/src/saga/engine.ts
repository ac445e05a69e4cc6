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
import type { AttemptPolicy } from './attempt.ts';
import { compensateRun } from './compensate.ts';
import type { EngineOptions, StartRun } from './engine-options.ts';
import { forwardRun } from './forward.ts';
import { releasedRun, sendNext } from './record-result.ts';
import type { Saga, Step, StepContext, StepResult } from './step.ts';
import {
  acquireLease,
  insertRun,
  LeaseLost,
  loadSteps,
  nextOfUser,
  type Run,
  type StepRow,
  writeProgress,
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
    const { database } = this.#options;
    const lease = { owner: this.#owner, now: this.now(), until: this.#leaseEnd() };
    const run = await acquireLease(database, runId, lease);
    if (!run) return;
    try {
      await this.#pause('run:taken');
      const steps = await loadSteps(database, runId);
      const saga = this.#sagas.get(run.saga);
      if (!saga) throw new Error(`no saga named ${run.saga}`);
      if (run.state === 'compensating') await this.#compensate(saga, run, steps);
      else await this.#forward(saga, run, steps);
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

  /** How many tries a step has before a person is asked, those of earlier resumes included. */
  triesOf({ attempts }: Pick<StepRow, 'attempts'>): number {
    return Math.max(1, Math.ceil(attempts / this.#policy.attempts)) * this.#policy.attempts;
  }

  /** Ends what is under way at the next safe point; the runs go on elsewhere, or here after a restart. */
  stop(): void {
    this.#stopping.abort();
  }

  now(): Date {
    return new Date(this.clock.now());
  }

  async #forward(saga: Saga<unknown>, run: Run, rows: readonly StepRow[]): Promise<void> {
    const { database, jobs } = this.#options;
    const came = await forwardRun({
      saga,
      run,
      rows,
      context: (step, outputs, attempt) => this.#context(step, run, outputs, attempt),
      policy: this.#policy,
      clock: this.clock,
      recorder: () => ({
        database,
        jobs,
        owner: this.#owner,
        now: this.now(),
        leaseEnd: this.#leaseEnd(),
        defaultRetryMs: this.#policy.baseMs,
      }),
      pause: (point) => this.#pause(point),
      onResult: (step, result, ms) => this.#tell(run, step, result, ms),
    });
    if (came.to === 'later') await this.#later(run.id, came.at);
    if (came.to !== 'end') return;
    if (!came.written)
      await database.read((db) =>
        writeProgress(db, this.#held(run.id), { run: releasedRun(this.now(), came.state) }),
      );
    await this.#finished(run, came.state);
  }

  #tell(run: Run, step: Step<unknown>, result: StepResult<unknown>, ms: number): void {
    const { outcome } = result;
    const labels = { saga: run.saga, step: step.name, outcome };
    this.#metrics.observe('drawbridge_run_step_duration_seconds', labels, ms / 1_000);
    if (outcome === 'attention' || outcome === 'quarantined') this.#count(run.saga, outcome);
    if (outcome === 'done') return;
    const code = 'code' in result ? result.code : outcome;
    this.logger.info({ run: run.id, step: step.name, code }, 'a step did not finish');
  }

  /** A job that came too early is put off, not dropped. */
  async #later(runId: string, next: Date): Promise<void> {
    await this.#options.database.transaction(async (trx) => {
      await writeProgress(trx, this.#held(runId), { run: releasedRun(this.now()) });
      await this.#options.jobs.send(trx, 'run', { runId }, next);
    });
  }

  #count(saga: string, outcome: string): void {
    this.#metrics.count('drawbridge_runs_total', { saga, outcome });
  }

  /** Has the next run of the user go on, and tells of the end, once it is written. */
  async #finished({ id: runId, saga, user_id: userId }: Run, state: RunState): Promise<void> {
    const { database, jobs } = this.#options;
    // Asked only now: whoever's job came while this run was not over yet left it lying, and can be seen by now.
    const next = await database.read((db) => nextOfUser(db, userId));
    if (next !== undefined) await database.transaction((trx) => jobs.send(trx, 'run', { runId: next }));
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
        this.#options.database.read((db) =>
          writeProgress(db, this.#held(run.id), {
            run: { lease_until: this.#leaseEnd(), updated_at: this.now() },
            step: { position, state: 'compensated', finished_at: this.now() },
          }),
        ),
    });
    if (!failed) {
      await this.#options.database.transaction(async (trx) => {
        await writeProgress(trx, this.#held(run.id), { run: releasedRun(this.now(), 'compensated') });
        await saga.compensated?.(trx, { userId: run.user_id ?? '' });
      });
      return await this.#finished(run, 'compensated');
    }
    await this.#options.database.transaction(async (trx) => {
      await writeProgress(trx, this.#held(run.id), {
        run: {
          ...releasedRun(this.now()),
          state: 'attention',
          reason_code: failed.code,
          reason: failed.reason,
        },
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
      // Read anew each time that a run is taken.
      scope: run,
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

  #held(id: string) {
    return { id, owner: this.#owner };
  }

  #leaseEnd(): Date {
    return new Date(this.clock.now() + 2 * (this.#options.stepTimeoutMs ?? 30_000));
  }

  /** Gives the lease back so that another try need not wait for its end. A dead database makes this moot. */
  async #letGo(runId: string): Promise<void> {
    try {
      const run = releasedRun(this.now());
      await this.#options.database.read((db) => writeProgress(db, this.#held(runId), { run }));
    } catch (err) {
      this.logger.warn({ run: runId, err }, 'the lease of a run could not be given back; it will expire');
    }
  }

  async #pause(point: string): Promise<void> {
    await this.#options.pause?.(point);
  }
}
