import { hostname } from 'node:os';
import {
  type Clock,
  DrawbridgeError,
  type Logger,
  type Metrics,
  newId,
  noMetrics,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import { type Cluster, leases } from '../../cluster/index.ts';
import { createHeldLease, isTaken } from './held-lease.ts';

export interface ElectorOptions {
  readonly cluster: Pick<Cluster, 'objects'>;
  readonly namespace: string;
  readonly name: string;
  /** Default the host's name and a random id. */
  readonly identity?: string;
  /** How long a leader that is not heard of counts as one, in milliseconds. Default 15,000. */
  readonly leaseMs?: number;
  /** A leader that cannot renew for this long stops, in milliseconds. Default 10,000. */
  readonly renewMs?: number;
  /** Time between tries, in milliseconds. Default 2,000. */
  readonly retryMs?: number;
  readonly clock?: Clock;
  /** Milliseconds that never go back and go on while the process is held up. Default `performance.now()`. */
  readonly monotonic?: () => number;
  readonly random?: () => number;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** Proof of leading, for as long as it lasts. */
export interface Leadership {
  /** Aborts once the lease is lost, and at the latest when it could not be renewed in time. */
  readonly signal: AbortSignal;
  /**
   * To be called right before anything is changed outside: timers may have stood still.
   *
   * @throws {DrawbridgeError} `leadership_lost`
   */
  assert(): void;
}

/** Sees to it that one of several processes works. */
export interface Elector {
  readonly identity: string;
  readonly leading: boolean;
  /** Who leads, as last seen; empty for nobody. */
  readonly holder: string;
  /**
   * Waits until this process leads, works, and gives the lease back. Ends when the signal aborts, or `work` ends.
   *
   * @throws {DrawbridgeError} `leadership_lost`: what `work` does has been aborted and awaited; the process should end
   */
  run(work: (leadership: Leadership) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/**
 * Makes an elector over a Lease, with the algorithm and the defaults of client-go, so that it gets along with electors of the Go
 * provider: time is only ever measured from when *we* saw the record change.
 *
 * @throws {DrawbridgeError} `invalid_settings` unless lease > renewal > 1.2 × retry
 * @see k8s.io/client-go/tools/leaderelection
 */
export function createElector(options: ElectorOptions): Elector {
  const {
    leaseMs = 15_000,
    renewMs = 10_000,
    retryMs = 2_000,
    clock = systemClock,
    monotonic = () => performance.now(),
    random = Math.random,
    logger = silentLogger,
    metrics = noMetrics,
    namespace,
    name,
  } = options;
  if (!(leaseMs > renewMs && renewMs > 1.2 * retryMs && retryMs > 0)) {
    throw new DrawbridgeError('invalid_settings', {
      message:
        'A lease has to last longer than its renewal may take, and that longer than 1.2 times between two tries.',
    });
  }
  const identity = options.identity ?? `${hostname()}_${newId()}`;
  const held = createHeldLease({
    client: options.cluster.objects(leases, namespace),
    ...{ namespace, name, identity, leaseMs, clock, monotonic },
  });
  let leading = false;
  const set = (now: boolean) => {
    leading = now;
    metrics.set('drawbridge_leader', { lease: name }, now ? 1 : 0);
  };
  set(false);

  const tryRound = async (signal: AbortSignal): Promise<boolean> => {
    try {
      return await held.take(signal);
    } catch (caught) {
      if (signal.aborted) return false;
      const error = DrawbridgeError.from(caught);
      // Another who was faster is nothing to tell.
      if (!isTaken(error))
        logger.warn(
          { component: 'elector', code: error.code, err: error },
          'the lease could not be read or written',
        );
      return false;
    }
  };

  const acquire = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      if (await tryRound(AbortSignal.any([signal, AbortSignal.timeout(renewMs)]))) return;
      await clock.sleep(retryMs * (1 + 0.2 * random()), signal, { background: true }).catch(() => undefined);
    }
  };

  const leftMs = () => held.renewedAt + renewMs - monotonic();

  /** Renews until the signal ends it (true) or the lease is lost (false). */
  const renew = async (signal: AbortSignal): Promise<boolean> => {
    for (;;) {
      const wait = Math.min(retryMs, Math.max(0, leftMs()));
      await clock.sleep(wait, signal, { background: true }).catch(() => undefined);
      if (signal.aborted) return true;
      const left = leftMs();
      if (left <= 0) return false;
      const renewed = await tryRound(AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(left))]));
      if (signal.aborted) return true;
      // Another holds it by now: there is nothing to wait for.
      if (!renewed && held.holder !== undefined && held.holder !== identity) return false;
    }
  };

  const release = async () => {
    try {
      await held.giveBack(AbortSignal.timeout(renewMs));
    } catch (error) {
      const { code } = DrawbridgeError.from(error);
      logger.warn({ component: 'elector', code }, 'the lease was not given back; it ends by itself');
    }
  };

  return {
    identity,
    get leading() {
      return leading;
    },
    get holder() {
      return held.holder ?? '';
    },
    async run(work, signal) {
      await acquire(signal);
      if (signal.aborted) {
        // It may have come just before the end; nobody is to wait for it.
        await release();
        return;
      }
      const lost = new AbortController();
      const working = AbortSignal.any([signal, lost.signal]);
      set(true);
      logger.info({ component: 'elector' }, 'leading');
      const ended = new AbortController();
      const leadership: Leadership = {
        signal: working,
        assert() {
          if (working.aborted || leftMs() <= 0) throw new DrawbridgeError('leadership_lost');
        },
      };
      const job = work(leadership).finally(() => ended.abort());
      // It is waited for below; until then nobody else may stumble over it.
      job.catch(() => undefined);
      let kept = false;
      try {
        kept = await renew(AbortSignal.any([signal, ended.signal]));
      } finally {
        // However it came to an end: nobody works without the lease.
        if (!kept) lost.abort(new DrawbridgeError('leadership_lost'));
        set(false);
      }
      try {
        await job;
      } finally {
        // Only now: whoever leads next must not find us at work.
        if (kept) await release();
      }
      if (!kept) throw new DrawbridgeError('leadership_lost');
    },
  };
}
