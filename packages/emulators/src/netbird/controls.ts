import { Faults } from '../shared/index.ts';
import type { RateLimit } from './access/index.ts';

/** A failure to inject. */
export interface NetbirdFault {
  /** Method and path, such as `PUT /api/users/*`, or a path alone; `*` stands for any text. */
  readonly match: string;
  /** How many times; default until removed. */
  readonly times?: number;
  /** Default 503, without NetBird's body: what a proxy in front of it answers. */
  readonly status?: number;
  /** Makes it an answer of NetBird itself, with this text. */
  readonly message?: string;
}

/** What can be turned at run time. */
export interface NetbirdControlSettings {
  /** Added to every answer, in milliseconds. Default 0. */
  readonly latencyMs?: number;
  /** Whether every connection is cut without an answer. Default false. */
  readonly outage?: boolean;
  /** Limits calls by token; null for none. Default null, as upstream's is. */
  readonly rateLimit?: RateLimit | null;
  /** Replaces the failures to inject. */
  readonly faults?: readonly NetbirdFault[];
}

/** The knobs of a running emulator. Also reachable by other processes of the same machine at `/emulator/controls`. */
export class NetbirdControls {
  latencyMs = 0;
  outage = false;
  rateLimit: RateLimit | null = null;
  readonly #faults = new Faults<NetbirdFault>();

  /** Adds a failure; the first that matches a call is used. */
  fail(fault: NetbirdFault): void {
    this.#faults.add(fault);
  }

  /** The failure that this call is to suffer, counted down. */
  takeFault(method: string, path: string): NetbirdFault | undefined {
    return this.#faults.take(`${method} ${path}`, path);
  }

  /** Sets what is given and leaves the rest. */
  set(settings: NetbirdControlSettings): void {
    this.latencyMs = settings.latencyMs ?? this.latencyMs;
    this.outage = settings.outage ?? this.outage;
    if (settings.rateLimit !== undefined) this.rateLimit = settings.rateLimit;
    if (settings.faults) this.#faults.set(settings.faults);
  }

  /** The present settings. */
  get(): Required<NetbirdControlSettings> {
    return {
      latencyMs: this.latencyMs,
      outage: this.outage,
      rateLimit: this.rateLimit,
      faults: this.#faults.list(),
    };
  }

  /** Back to a NetBird without trouble. */
  reset(): void {
    this.set({ latencyMs: 0, outage: false, rateLimit: null, faults: [] });
  }
}
