import { DrawbridgeError } from '../errors/index.ts';
import { type Logger, silentLogger } from '../log/index.ts';

/** Something that runs for as long as the process does: a server, a worker, a database. */
export interface Part {
  readonly name: string;
  /** Resolves when the part is ready for work. Gives up when the signal aborts. */
  start(signal: AbortSignal): Promise<void>;
  /** Finishes the work at hand and lets go of everything. Called at most once, also after a start that failed. */
  stop(): Promise<void>;
  /** Where the part can be reached, by a name for people; asked for once it has started. */
  readonly urls?: () => Readonly<Record<string, string>>;
}

export interface RunOptions {
  readonly logger?: Logger;
  /** Aborts the start. */
  readonly signal?: AbortSignal;
}

export interface RunningParts {
  /** All parts' URLs, by name. */
  readonly urls: Readonly<Record<string, string>>;
  /**
   * Stops the parts in reverse order. A second call returns the promise of the first. A part that fails to stop does
   * not keep the others from stopping.
   *
   * @throws {AggregateError} with what every failing part threw, once all have been stopped
   */
  stop(): Promise<void>;
}

/**
 * Starts parts one after the other: each may rely on those before it. If one fails, it and those that run already are
 * stopped in reverse order, and its error is thrown.
 *
 * @throws what the failing part threw; `canceled` when the signal aborted between two parts
 * @example
 * ```ts
 * import { runParts } from '@drawbridge/kit';
 *
 * const running = await runParts([
 *   { name: 'database', start: async () => undefined, stop: async () => undefined },
 *   { name: 'api', start: async () => undefined, stop: async () => undefined },
 * ]);
 * await running.stop();
 * ```
 */
export async function runParts(parts: readonly Part[], options: RunOptions = {}): Promise<RunningParts> {
  const { logger = silentLogger } = options;
  const signal = options.signal ?? new AbortController().signal;
  const started: Part[] = [];
  const urls: Record<string, string> = {};
  try {
    for (const part of parts) {
      if (signal.aborted) throw new DrawbridgeError('canceled', { cause: signal.reason });
      const began = performance.now();
      started.push(part);
      await part.start(signal);
      Object.assign(urls, part.urls?.());
      logger.debug({ part: part.name, ms: Math.round(performance.now() - began) }, 'part started');
    }
  } catch (error) {
    // The reason for the failed start is what the caller must see; failures to clean up are only logged.
    await stopAll(started, logger);
    throw error;
  }
  let stopping: Promise<void> | undefined;
  return {
    urls,
    stop: () => {
      stopping ??= stopAll(started, logger).then((failures) => {
        if (failures.length > 0) throw new AggregateError(failures, 'Some parts did not stop cleanly.');
      });
      return stopping;
    },
  };
}

async function stopAll(started: readonly Part[], logger: Logger): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const part of started.toReversed()) {
    try {
      await part.stop();
      logger.debug({ part: part.name }, 'part stopped');
    } catch (error) {
      failures.push(error);
      logger.error({ part: part.name, err: error }, 'part did not stop cleanly');
    }
  }
  return failures;
}
