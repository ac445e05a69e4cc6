import type { Clock } from '@drawbridge/kit';
import type { WebhookFate } from '../controls.ts';
import type { Kernel } from '../kernel.ts';
import type { AggregateType, AnyEvent } from '../store/index.ts';
import { eventPayload } from '../store/index.ts';
import { targetsOfEvent } from './match.ts';
import { type ActionMessage, type Runner, runTargets } from './run.ts';

/** An event older than this is not delivered any more (cmd/defaults.yaml, `Executions.MaxTtl`). */
const maxAgeMs = 300_000;
/** What all targets of one event have together (cmd/defaults.yaml, `Executions.TransactionDuration`). */
const budgetMs = 10_000;
/** How long a delivery that is to be late waits for another one to overtake it. */
const longestHoldMs = 1_000;

interface Job {
  readonly event: AnyEvent;
  readonly targets: ReturnType<typeof targetsOfEvent>;
}

/**
 * Delivers events to targets as upstream's queue does (internal/execution/{handlers,worker}.go): what to call is decided
 * when the event happens, one worker takes them in order, nothing is tried twice. What is queued when the emulator stops
 * is gone.
 */
export class EventWorker {
  readonly #kernel: Kernel;
  readonly #runner: Runner;
  readonly #clock: Clock;
  readonly #stopping: AbortSignal;
  readonly #queue: Job[] = [];
  #working: Promise<void> | undefined;
  readonly #unbind: readonly (() => void)[];

  constructor(kernel: Kernel, runner: Runner, clock: Clock, stopping: AbortSignal) {
    this.#kernel = kernel;
    this.#runner = runner;
    this.#clock = clock;
    this.#stopping = stopping;
    this.#unbind = [
      kernel.log.subscribe((events) => this.#enqueue(events)),
      kernel.controls.bindWebhooks(() => this.#start()),
    ];
  }

  /** Resolves when nothing is queued or under way. While deliveries are paused, what is queued does not count. */
  async settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  stop(): void {
    for (const unbind of this.#unbind) unbind();
    this.#queue.length = 0;
  }

  #enqueue(events: readonly AnyEvent[]): void {
    const { quirks } = this.#kernel.controls;
    for (const event of events) {
      const targets = targetsOfEvent(this.#kernel.lagging, event.type, quirks);
      if (targets.length > 0) this.#queue.push({ event, targets });
    }
    this.#start();
  }

  #start(): void {
    if (this.#working || this.#queue.length === 0 || this.#kernel.controls.webhooks.paused) return;
    this.#working = this.#work().finally(() => {
      this.#working = undefined;
      this.#start();
    });
  }

  async #work(): Promise<void> {
    while (!this.#kernel.controls.webhooks.paused) {
      const job = this.#queue.shift();
      if (!job) return;
      const fate = this.#kernel.controls.nextWebhook();
      if (fate === 'late') await this.#overtake();
      await this.#deliver(job, fate);
    }
  }

  /** Delivers the next event first; waits a while for one to come. */
  async #overtake(): Promise<void> {
    const until = this.#clock.now() + longestHoldMs;
    while (this.#queue.length === 0 && this.#clock.now() < until && !this.#stopping.aborted) {
      await this.#clock.sleep(10, undefined, { background: true });
    }
    const next = this.#queue.shift();
    if (next) await this.#deliver(next, 'normal');
  }

  async #deliver({ event, targets }: Job, fate: WebhookFate): Promise<void> {
    const now = this.#kernel.now();
    const outcome =
      now - event.createdAt > maxAgeMs ? 'expired' : fate === 'lost' ? ('lost' as const) : undefined;
    if (outcome) {
      for (const target of targets) {
        this.#runner.record({ at: now, targetId: target.id, cause: event.type, outcome });
      }
      return;
    }
    await this.#once(event, targets);
    if (fate === 'twice') await this.#once(event, targets);
  }

  async #once(event: AnyEvent, targets: Job['targets']): Promise<void> {
    const budget = new AbortController();
    const done = new AbortController();
    const watch = this.#clock.sleep(budgetMs, done.signal, { background: true }).then(
      () => budget.abort(),
      () => undefined,
    );
    try {
      await this.#kernel.log.flushed();
      await runTargets(this.#runner, targets, eventMessage(this.#kernel, event), budget.signal);
    } catch {
      // A failure ends the job for good; what failed is in the record of deliveries (issue zitadel#10268).
    } finally {
      done.abort();
      await watch;
    }
  }
}

/** An event as targets get it; the keys really are in two styles (internal/execution/worker.go, `ContextInfoEvent`). */
function eventMessage(kernel: Kernel, event: AnyEvent): ActionMessage {
  const json = JSON.stringify({
    aggregateID: event.aggregateId,
    aggregateType: event.aggregateType,
    resourceOwner: event.resourceOwner,
    instanceID: kernel.fresh.instance.id,
    version: aggregateVersion(event.aggregateType),
    sequence: event.sequence,
    event_type: event.type,
    created_at: goTime(event.createdAt),
    ...(event.editor === '' ? {} : { userID: event.editor }),
    event_payload: eventPayload(event),
  });
  return { cause: event.type, body: () => json, take: () => undefined, isEvent: true };
}

/** Version of an aggregate's events (internal/repository/*, `AggregateVersion`). */
function aggregateVersion(type: AggregateType): string {
  return type === 'user' ? 'v2' : 'v1';
}

/** A time as Go's RFC3339Nano writes it: no zeros at the end of the fraction. */
function goTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.?0*Z$/, 'Z');
}
