import { type Clock, systemClock } from '@drawbridge/kit';

export interface WorkQueueOptions {
  /** First wait after a failure of one key, in milliseconds; doubled each time. Default 5. */
  readonly baseMs?: number;
  /** Longest wait of one key, in milliseconds. Default 1,000,000. */
  readonly maxMs?: number;
  /** Retries of all keys together: so many a second. Default 10. */
  readonly perSecond?: number;
  /** Retries that may go at once. Default 100. */
  readonly burst?: number;
  readonly clock?: Clock;
}

/** Keys that wait for work; a key is worked on by one worker at a time. */
export interface WorkQueue {
  /** Keys that wait now, without those that wait for their time. */
  readonly depth: number;
  /** Adds a key; one that waits already is not doubled, one that is worked on comes again afterwards. */
  add(key: string): void;
  /** Adds it after a while. Of several, the earliest counts. */
  addAfter(key: string, ms: number): void;
  /** Adds it after the wait that its failures have earned. */
  retry(key: string): void;
  /** Forgets the failures of a key. */
  forget(key: string): void;
  /** How often a key has failed in a row. */
  failures(key: string): number;
  /** The next key, or undefined once the queue is closed. {@link WorkQueue.done} has to follow. */
  next(): Promise<string | undefined>;
  done(key: string): void;
  /** Ends all waiting; what is worked on is finished. */
  close(): void;
}

/**
 * The queue of a controller, with the semantics of client-go's: what is added while it is worked on is not lost and not worked
 * on twice at once; a key that keeps failing waits longer each time, and all failing keys together go through one bucket.
 *
 * @see k8s.io/client-go/util/workqueue
 */
export function createWorkQueue(options: WorkQueueOptions = {}): WorkQueue {
  const { baseMs = 5, maxMs = 1_000_000, perSecond = 10, burst = 100, clock = systemClock } = options;
  /** Order of arrival; a set, since a key waits once. */
  const waiting = new Set<string>();
  const processing = new Set<string>();
  /** Added while it was worked on. */
  const again = new Set<string>();
  const failed = new Map<string, number>();
  const later = new Map<string, { readonly at: number; readonly cancel: AbortController }>();
  const takers: ((key: string | undefined) => void)[] = [];
  let closed = false;
  /** When the bucket was last empty, in tokens of time: retries beyond the burst are spread from here. */
  let bucketAt = Number.NEGATIVE_INFINITY;

  const give = () => {
    for (const key of waiting) {
      const take = takers.shift();
      if (!take) return;
      waiting.delete(key);
      processing.add(key);
      take(key);
    }
  };
  const queue: WorkQueue = {
    get depth() {
      return waiting.size;
    },
    add(key) {
      if (closed) return;
      if (processing.has(key)) again.add(key);
      else {
        waiting.add(key);
        give();
      }
    },
    addAfter(key, ms) {
      if (closed) return;
      if (ms <= 0) {
        queue.add(key);
        return;
      }
      const at = clock.now() + ms;
      const planned = later.get(key);
      if (planned && planned.at <= at) return;
      planned?.cancel.abort();
      const cancel = new AbortController();
      later.set(key, { at, cancel });
      clock.sleep(ms, cancel.signal, { background: true }).then(
        () => {
          later.delete(key);
          queue.add(key);
        },
        () => undefined, // an earlier time came in between, or the end
      );
    },
    retry(key) {
      const failures = failed.get(key) ?? 0;
      failed.set(key, failures + 1);
      const own = Math.min(maxMs, baseMs * 2 ** Math.min(failures, 60));
      queue.addAfter(key, Math.max(own, bucketMs()));
    },
    forget: (key) => void failed.delete(key),
    failures: (key) => failed.get(key) ?? 0,
    next: () =>
      new Promise((resolve) => {
        if (closed) {
          resolve(undefined);
          return;
        }
        takers.push(resolve);
        give();
      }),
    done(key) {
      processing.delete(key);
      if (again.delete(key)) queue.add(key);
    },
    close() {
      closed = true;
      for (const { cancel } of later.values()) cancel.abort();
      later.clear();
      waiting.clear();
      again.clear();
      for (const take of takers.splice(0)) take(undefined);
    },
  };

  /** How long the next retry of all has to wait. */
  const bucketMs = (): number => {
    const now = clock.now();
    const perToken = 1_000 / perSecond;
    // Time behind `now - burst × perToken` has filled the bucket to the brim.
    bucketAt = Math.max(bucketAt, now - burst * perToken) + perToken;
    return Math.max(0, bucketAt - now);
  };
  return queue;
}
