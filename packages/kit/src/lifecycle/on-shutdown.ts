import { constants } from 'node:os';
import { type Clock, systemClock } from '../clock/index.ts';
import { type Logger, silentLogger } from '../log/index.ts';

/** What is used of `process`; tests give an EventEmitter and a recorder. */
export interface SignalSource {
  on(signal: 'SIGTERM' | 'SIGINT', listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: 'SIGTERM' | 'SIGINT', listener: (signal: NodeJS.Signals) => void): unknown;
  exit(code: number): void;
}

export interface ShutdownOptions {
  /** How long stopping may take before the process ends regardless, in milliseconds. Default 15,000. */
  readonly drainMs?: number;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Default `process`. */
  readonly source?: SignalSource;
}

/**
 * Calls `stop` at the first SIGTERM or SIGINT and ends the process when it is done: 0 after a clean stop, 1 after one
 * that failed or took longer than the drain limit, 128 + signal number at a second signal.
 *
 * @returns a function that takes the handlers away again
 * @example
 * ```ts
 * import { onShutdown, runParts } from '@drawbridge/kit';
 *
 * const running = await runParts([]);
 * const forget = onShutdown(() => running.stop(), { drainMs: 10_000 });
 * forget();
 * ```
 */
export function onShutdown(stop: () => Promise<void>, options: ShutdownOptions = {}): () => void {
  const { drainMs = 15_000, logger = silentLogger, clock = systemClock, source = process } = options;
  let stopping = false;

  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) {
      source.exit(128 + constants.signals[signal]);
      return;
    }
    stopping = true;
    logger.info({ signal }, 'stopping');
    void drain().then(source.exit.bind(source));
  };

  const drain = async (): Promise<number> => {
    const over = new AbortController();
    const outcome = await Promise.race([
      Promise.resolve()
        .then(stop)
        .then(
          () => 'clean' as const,
          (error: unknown) => {
            logger.error({ err: error }, 'stopping failed');
            return 'failed' as const;
          },
        ),
      clock.sleep(drainMs, over.signal).then(
        () => 'late' as const,
        () => 'late' as const,
      ),
    ]);
    over.abort();
    if (outcome === 'late') logger.error({ ms: drainMs }, 'stopping took too long');
    return outcome === 'clean' ? 0 : 1;
  };

  source.on('SIGTERM', onSignal);
  source.on('SIGINT', onSignal);
  return () => {
    source.off('SIGTERM', onSignal);
    source.off('SIGINT', onSignal);
  };
}
