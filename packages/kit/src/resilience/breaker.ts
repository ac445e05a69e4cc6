import type { CircuitBreakerPolicy } from 'cockatiel';
import { DrawbridgeError } from '../errors/index.ts';
import { isTransient } from './retry.ts';

export interface BreakerOptions {
  /** What is protected, for the error's text. */
  readonly name: string;
  /** Transient failures in a row after which calls are refused. Default 5. */
  readonly failures?: number;
  /** How long calls are refused before one is let through, in milliseconds. Default 10,000. */
  readonly openMs?: number;
}

/** A circuit breaker around one remote system. */
export interface Breaker {
  readonly state: 'closed' | 'open' | 'half-open';
  /** @throws {DrawbridgeError} `circuit_open` while calls are refused */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Stops calling a system that fails again and again: waiting for its time-outs would only pile up callers. Only
 * transient failures count; a refusal proves that the system is alive.
 *
 * @example
 * ```ts
 * import { createBreaker } from '@drawbridge/kit';
 *
 * const breaker = createBreaker({ name: 'NetBird', failures: 5, openMs: 10_000 });
 * const answer = await breaker.run(async () => 'reached');
 * ```
 */
export function createBreaker(options: BreakerOptions): Breaker {
  let policy: CircuitBreakerPolicy | undefined;
  return {
    get state() {
      // cockatiel: 0 closed, 1 open, 2 half open, 3 held open by hand
      const state = policy?.state ?? 0;
      return state === 0 ? 'closed' : state === 2 ? 'half-open' : 'open';
    },
    async run(work) {
      // Loaded at the first call: a command that makes none must not wait for it.
      const { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } = await import(
        'cockatiel'
      );
      policy ??= circuitBreaker(
        handleWhen((error) => isTransient(error)),
        { halfOpenAfter: options.openMs ?? 10_000, breaker: new ConsecutiveBreaker(options.failures ?? 5) },
      );
      try {
        return await policy.execute(work);
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        throw new DrawbridgeError('circuit_open', {
          message: `Calls to ${options.name} are paused after repeated failures.`,
          cause: error,
        });
      }
    },
  };
}
