import {
  type Clock,
  DrawbridgeError,
  type Logger,
  type Metrics,
  noMetrics,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import type { Leadership } from './elector.ts';
import { createWorkQueue, type WorkQueueOptions } from './work-queue.ts';

/** What a reconciler may use while it works. */
export interface ReconcileContext {
  readonly signal: AbortSignal;
  /** Does something outside, if we still lead. @throws {DrawbridgeError} `leadership_lost` */
  write<T>(work: () => Promise<T>): Promise<T>;
}

/** What came of it; to be looked at again after a while, where time alone changes something. */
export interface ReconcileResult {
  readonly againAfterMs?: number;
}

/**
 * Brings the world to what one object says, whatever happened before: it is told which object, not what happened to it.
 * What it throws has it called again later.
 */
export type Reconcile = (key: string, context: ReconcileContext) => Promise<ReconcileResult | undefined>;

export interface ControllerOptions {
  /** In logs and metrics. */
  readonly name: string;
  readonly reconcile: Reconcile;
  /** How many keys at once. Default 8. */
  readonly workers?: number;
  /** One key, in milliseconds. Default 60,000. */
  readonly timeoutMs?: number;
  readonly queue?: WorkQueueOptions;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** Workers on a queue of keys. */
export interface Controller {
  /** A key is to be looked at. */
  enqueue(key: string): void;
  /** Keys that wait. */
  readonly depth: number;
  /** Works until leadership ends; then finishes what it is at. */
  run(leadership: Leadership): Promise<void>;
}

/** Makes a controller; its reconciler never runs twice at once for one key. */
export function createController(options: ControllerOptions): Controller {
  const {
    name,
    reconcile,
    workers = 8,
    timeoutMs = 60_000,
    logger = silentLogger,
    metrics = noMetrics,
  } = options;
  const clock = options.clock ?? systemClock;
  const queue = createWorkQueue({ clock, ...options.queue });
  const depth = () => metrics.set('drawbridge_work_queue_depth', { controller: name }, queue.depth);

  const work = async (key: string, leadership: Leadership): Promise<void> => {
    const signal = AbortSignal.any([leadership.signal, AbortSignal.timeout(timeoutMs)]);
    const began = clock.now();
    let outcome: 'ok' | 'failed' | 'canceled' = 'ok';
    try {
      leadership.assert();
      const result = await reconcile(key, {
        signal,
        async write(change) {
          leadership.assert();
          return await change();
        },
      });
      queue.forget(key);
      if (result?.againAfterMs !== undefined) queue.addAfter(key, result.againAfterMs);
    } catch (caught) {
      const error = DrawbridgeError.from(caught);
      if (leadership.signal.aborted || error.code === 'leadership_lost') {
        outcome = 'canceled';
        return;
      }
      // Somebody else was faster, which is daily business.
      const expected = error.code === 'kubernetes_conflict';
      outcome = expected ? 'ok' : 'failed';
      const fields = { component: name, path: key, code: error.code, attempt: queue.failures(key) + 1 };
      if (expected) logger.debug(fields, 'the object has changed meanwhile');
      else logger.warn({ ...fields, err: error }, 'not reconciled; tried again');
      queue.retry(key);
    } finally {
      metrics.count('drawbridge_reconciles_total', { controller: name, outcome });
      metrics.observe(
        'drawbridge_reconcile_duration_seconds',
        { controller: name },
        (clock.now() - began) / 1_000,
      );
    }
  };

  const worker = async (leadership: Leadership) => {
    for (let key = await queue.next(); key !== undefined; key = await queue.next()) {
      try {
        await work(key, leadership);
      } finally {
        queue.done(key);
        depth();
      }
    }
  };

  return {
    enqueue(key) {
      queue.add(key);
      depth();
    },
    get depth() {
      return queue.depth;
    },
    async run(leadership) {
      const close = () => queue.close();
      leadership.signal.addEventListener('abort', close, { once: true });
      if (leadership.signal.aborted) close();
      await Promise.all(Array.from({ length: workers }, () => worker(leadership)));
    },
  };
}
