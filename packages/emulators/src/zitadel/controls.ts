import { Faults } from '../shared/index.ts';
import type { RpcCode } from './errors.ts';
import { allQuirks, type QuirkSwitches } from './quirks.ts';
import { drawFate, noWebhookFaults, type WebhookFate, type WebhookFaults } from './webhook-faults.ts';

export type { WebhookFate } from './webhook-faults.ts';

/** A failure to inject. */
export interface Fault {
  /** `service/method` or a path; `*` stands for any text. */
  readonly match: string;
  /** How many times; default until removed. */
  readonly times?: number;
  /** HTTP status for plain HTTP paths, and for API calls that name no code. Default 503. */
  readonly status?: number;
  /** gRPC code of API calls, such as `unavailable`. */
  readonly code?: RpcCode;
  /** Body of plain HTTP paths, or text of the error. */
  readonly message?: string;
}

/** What can be turned at run time. */
export interface ControlSettings {
  /** How long lists lag behind, in milliseconds. Default 0. */
  readonly lagMs?: number;
  /** Added to every answer, in milliseconds. Default 0. */
  readonly latencyMs?: number;
  /** Moves the instance's clock, in milliseconds. Default 0. */
  readonly clockOffsetMs?: number;
  /** Whether every connection is cut without an answer. Default false. */
  readonly outage?: boolean;
  /** Replaces the failures to inject. */
  readonly faults?: readonly Fault[];
  /** Trouble with the delivery of events; what is not named stays. */
  readonly webhooks?: Partial<WebhookFaults>;
  /** Quirks to switch on or off; what is not named stays. All are on at first. */
  readonly quirks?: Partial<QuirkSwitches>;
}

/**
 * The knobs of a running emulator: lag, latency, failures, outage, clock. Also reachable by other processes of the same
 * machine at `/emulator/controls`.
 */
export class Controls {
  latencyMs = 0;
  clockOffsetMs = 0;
  outage = false;
  #lagMs = 0;
  readonly #faults = new Faults<Fault>();
  readonly #onLag = new Set<(ms: number) => void>();
  #webhooks = noWebhookFaults;
  readonly #onWebhooks = new Set<() => void>();
  #quirks = allQuirks;
  readonly #random: () => number;

  /** @param random where rates get their chance from; 0 to 1, without 1 */
  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** How long lists lag behind, in milliseconds. */
  get lagMs(): number {
    return this.#lagMs;
  }

  set lagMs(ms: number) {
    this.#lagMs = ms;
    for (const tell of this.#onLag) tell(ms);
  }

  /** Told of every change of the lag; an instance binds its projections here. Returns the way to stop. */
  bindLag(onLag: (ms: number) => void): () => void {
    this.#onLag.add(onLag);
    return () => this.#onLag.delete(onLag);
  }

  /** Trouble with the delivery of events, as it stands: numbers count down. */
  get webhooks(): WebhookFaults {
    return this.#webhooks;
  }

  /** Which quirks are on. */
  get quirks(): QuirkSwitches {
    return this.#quirks;
  }

  /** Told when deliveries may go on; an instance binds its worker here. Returns the way to stop. */
  bindWebhooks(onChange: () => void): () => void {
    this.#onWebhooks.add(onChange);
    return () => this.#onWebhooks.delete(onChange);
  }

  /** What becomes of the next event's delivery, counted down. */
  nextWebhook(): WebhookFate {
    const { fate, left } = drawFate(this.#webhooks, this.#random);
    this.#webhooks = left;
    return fate;
  }

  /** Adds a failure; the first that matches a call is used. */
  fail(fault: Fault): void {
    this.#faults.add(fault);
  }

  /** Removes all failures. */
  clearFaults(): void {
    this.#faults.set([]);
  }

  /** The failure that this call is to suffer, counted down. `name` has no leading slash for API calls. */
  takeFault(...names: readonly string[]): Fault | undefined {
    return this.#faults.take(...names);
  }

  /** Sets what is given and leaves the rest. */
  set(settings: ControlSettings): void {
    if (settings.lagMs !== undefined) this.lagMs = settings.lagMs;
    this.latencyMs = settings.latencyMs ?? this.latencyMs;
    this.clockOffsetMs = settings.clockOffsetMs ?? this.clockOffsetMs;
    this.outage = settings.outage ?? this.outage;
    this.#quirks = { ...this.#quirks, ...settings.quirks };
    if (settings.webhooks) {
      this.#webhooks = { ...this.#webhooks, ...settings.webhooks };
      for (const tell of this.#onWebhooks) tell();
    }
    if (settings.faults) this.#faults.set(settings.faults);
  }

  /** The present settings. */
  get(): Required<ControlSettings> {
    return {
      lagMs: this.#lagMs,
      latencyMs: this.latencyMs,
      clockOffsetMs: this.clockOffsetMs,
      outage: this.outage,
      faults: this.#faults.list(),
      webhooks: this.#webhooks,
      quirks: this.#quirks,
    };
  }

  /** Back to an instance without trouble. */
  reset(): void {
    this.set({
      lagMs: 0,
      latencyMs: 0,
      clockOffsetMs: 0,
      outage: false,
      faults: [],
      webhooks: noWebhookFaults,
      quirks: allQuirks,
    });
  }
}
