import type { Logger } from '@drawbridge/kit';
import type { Transaction, UpdateObject } from 'kysely';
import type { Schema } from '../database/index.ts';

/**
 * How a step ended.
 * - `done`: the state that the step is for now holds.
 * - `waiting`: the other side is not ready; the step is tried again by itself, and later steps wait.
 * - `late`: the step depends on an event of unknown date; the run goes on without it and is woken for it.
 * - `attention`: a person must decide; nothing more is done.
 * - `quarantined`: what was found is not what was asked for; it is left alone until a person has looked.
 */
export type StepResult<Output> =
  | {
      readonly outcome: 'done';
      readonly output: Output;
      readonly detail?: string;
      /** True where the directory's own tables say so already: the step's `changes` and `record` are not asked then. */
      readonly known?: boolean;
      /** What the run's input is from now on: without what this step has used up, such as a password. */
      readonly input?: unknown;
    }
  | { readonly outcome: 'waiting'; readonly detail: string; readonly retryMs?: number }
  | { readonly outcome: 'late'; readonly detail: string }
  | { readonly outcome: 'attention'; readonly code: string; readonly reason: string }
  | { readonly outcome: 'quarantined'; readonly code: string; readonly reason: string };

/** New values for the row of a run's user, and for that of their membership in the run's organization. */
export interface SubjectChanges {
  readonly user?: UpdateObject<Schema, 'users'>;
  readonly membership?: UpdateObject<Schema, 'memberships'>;
}

/** Where a step acts. */
export type StepPlace = 'here' | 'zitadel' | 'netbird';

/** What a step is given. */
export interface StepContext<Input> {
  readonly runId: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly input: Input;
  /** The idempotency key recorded for this step before anything was called. */
  readonly key: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** The same for all steps that one worker carries out in one go: what it reads once for them is kept by it. */
  readonly scope: object;
  /** Output of an earlier step of the same run. */
  output<T>(step: string): T;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * One durable step: a key, a check, a call, a record and a way back.
 *
 * The engine writes `key` and the state `running` before `call`, and the result after it. After a crash in between,
 * `check` finds out whether the call had taken effect, so that it is not made twice.
 */
export interface Step<Input, Output = unknown> {
  /** Stable name, as stored and as shown by the API. */
  readonly name: string;
  /** What a person reads: "zitadel user". */
  readonly title: string;
  /** Where it acts. Default `here`, the directory's own tables. */
  readonly place?: StepPlace;
  /** What taking it back would do, for the person who decides: "deletes the Zitadel user". */
  readonly undo?: string;
  /**
   * Whether the engine writes that it begins only when everything before it is recorded, in a write of its own. For a call
   * of which nobody can find out whether it took effect: a worker that dies just before is then no cause for doubt.
   * Default false, and the write is the one that records the step before.
   */
  readonly beginsAlone?: boolean;
  /** Idempotency key of the call; equal for every try of one run. */
  key(context: Omit<StepContext<Input>, 'key' | 'attempt'>): string;
  /** Whether the state already holds. Asked from the second try on; absent where repeating the call is harmless. */
  check?(context: StepContext<Input>): Promise<StepResult<Output> | undefined>;
  /** Brings the state about. */
  call(context: StepContext<Input>): Promise<StepResult<Output>>;
  /** What the step means for the rows of its user, written by the statement that records it as done. */
  changes?(context: StepContext<Input>, output: Output): SubjectChanges;
  /** Writes what it means for other tables, in the transaction that records it as done: four ways to the database, not one. */
  record?(trx: Transaction<Schema>, context: StepContext<Input>, output: Output): Promise<void>;
  /** Takes the state back. Absent where there is nothing to take back. */
  compensate?(context: StepContext<Input>, output: Output): Promise<void>;
}

/** A named list of steps. `Input` is stored as JSON with each run. */
export interface Saga<Input> {
  readonly name: string;
  readonly steps: readonly Step<Input>[];
  /** What the directory's own tables forget, in the transaction that records that everything is taken back. */
  compensated?(trx: Transaction<Schema>, run: { readonly userId: string }): Promise<void>;
}
