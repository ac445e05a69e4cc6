import type { Clock, Logger, Metrics } from '@drawbridge/kit';
import type { Database } from '../database/index.ts';
import type { Jobs } from '../jobs/index.ts';
import type { Saga } from './step.ts';

export interface EngineOptions {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'send'>;
  readonly sagas: readonly Saga<never>[];
  readonly logger?: Logger;
  /** Counts runs by how they stop, and times steps. */
  readonly metrics?: Metrics;
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Tries of one step before a person is asked. Default 6. */
  readonly attempts?: number;
  /** Time in which a step is tried again before a person is asked, in milliseconds. Default 3,600,000: an outage passes. */
  readonly patienceMs?: number;
  /** First and longest bound of the wait between tries, in milliseconds. Default 1,000 and 60,000. */
  readonly retryBaseMs?: number;
  readonly retryMaxMs?: number;
  /** Longest duration of one try, in milliseconds. Default 30,000; a lease lives twice as long. */
  readonly stepTimeoutMs?: number;
  /** Called at every named point, `{step}:recorded`, `{step}:called`, `{step}:done`; tests stop or end the process there. */
  readonly pause?: (point: string) => Promise<void> | void;
}

/** What starts a run. */
export interface StartRun<Input> {
  readonly saga: Saga<Input>;
  readonly organizationId: string;
  /** Absent where the run is about no person. */
  readonly userId?: string;
  readonly input: Input;
  /** What it does, in words: "deactivate ada@north.example". */
  readonly title?: string;
  /** The import or bulk action it belongs to. */
  readonly batchId?: string;
  readonly requestedBy: string;
  readonly requestId?: string;
}
