import { backoff, type Clock, DrawbridgeError, type Logger, type Metrics } from '@drawbridge/kit';
import type { Reading } from './read-issuer.ts';

/** A reading that may be served, and how old it is. Milliseconds. */
export interface Copy extends Reading {
  readonly readAt: number;
  /** How long it is fresh, counted from when it was read. */
  readonly freshMs: number;
}

export interface KeeperOptions {
  /** Whose readings they are, in logs and metrics. */
  readonly instance: string;
  readonly read: (signal: AbortSignal) => Promise<Reading>;
  /** A copy is never fresh for longer, in milliseconds, whatever the issuer says. */
  readonly maxAgeMs: number;
  /** How much longer than fresh a copy is served while the issuer cannot be read, in milliseconds. */
  readonly staleMs: number;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Below this an issuer would be asked all the time. */
const shortestMs = 10_000;

/**
 * Keeps the latest good reading. It is renewed beside the requests and never by one, so that neither many callers nor a
 * slow issuer make any of them wait, and one reading at a time is all there ever is.
 */
export interface Keeper {
  /** What may be served now; undefined before the first good reading, and once the last one is too old. */
  current(): Copy | undefined;
  /** Renews until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export function createKeeper(options: KeeperOptions): Keeper {
  const { clock, random, logger, metrics, instance } = options;
  let copy: Copy | undefined;
  let failures = 0;

  const renew = async (signal: AbortSignal): Promise<void> => {
    try {
      const readAt = clock.now();
      const reading = await options.read(signal);
      const freshMs = Math.min(Math.max(reading.maxAgeMs ?? options.maxAgeMs, shortestMs), options.maxAgeMs);
      const changed = copy?.keys !== reading.keys || copy.discovery !== reading.discovery;
      copy = { ...reading, readAt, freshMs };
      metrics.count('drawbridge_relay_reads_total', { outcome: 'ok' });
      metrics.set('drawbridge_relay_last_read_timestamp_seconds', { instance }, readAt / 1_000);
      if (changed || failures > 0) logger.info({ component: 'relay', instance }, 'issuer read');
      failures = 0;
    } catch (caught) {
      if (signal.aborted) return;
      const err = DrawbridgeError.from(caught);
      failures += 1;
      metrics.count('drawbridge_relay_reads_total', { outcome: err.code });
      // The age of what is served meanwhile.
      const age = copy ? { ms: clock.now() - copy.readAt } : {};
      logger.warn({ component: 'relay', instance, err, ...age }, 'issuer not read');
    }
  };

  /** Before a copy is old, and not at the same moment as every other replica. */
  const pauseMs = (): number => {
    if (failures > 0 || !copy)
      return 500 + backoff(Math.max(failures, 1), { baseMs: 1_000, maxMs: 30_000, random });
    return copy.freshMs * (0.75 + 0.15 * random());
  };

  return {
    current() {
      return copy && clock.now() - copy.readAt <= copy.freshMs + options.staleMs ? copy : undefined;
    },
    async run(signal) {
      while (!signal.aborted) {
        await renew(signal);
        try {
          await clock.sleep(pauseMs(), signal, { background: true });
        } catch {
          return; // only the signal ends a sleep
        }
      }
    },
  };
}
