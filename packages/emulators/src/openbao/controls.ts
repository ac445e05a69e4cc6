import { Faults } from '../shared/index.ts';

/** A failure to inject. */
export interface OpenbaoFault {
  /** Method and path, such as `POST /v1/secret/data/*`, or a path alone; `*` stands for any text. */
  readonly match: string;
  /** How many times; default until removed. */
  readonly times?: number;
  /** Default 503, without OpenBao's body: what a proxy in front of it answers. */
  readonly status?: number;
  /** Makes it an answer of OpenBao itself, with this text. */
  readonly message?: string;
}

/** What can be turned at run time. */
export interface OpenbaoControlSettings {
  /** Added to every answer, in milliseconds. Default 0. */
  readonly latencyMs?: number;
  /** Whether every connection is cut without an answer. Default false. */
  readonly outage?: boolean;
  /** Whether the server is a standby that forwards nothing. Default false. */
  readonly standby?: boolean;
  /** Calls a second that a rate limit quota lets pass; null for none. Default null, as upstream's is. */
  readonly quota?: number | null;
  /** Replaces the failures to inject. */
  readonly faults?: readonly OpenbaoFault[];
}

/** The knobs of a running emulator. Also reachable by other processes of the same machine at `/emulator/controls`. */
export class OpenbaoControls {
  latencyMs = 0;
  outage = false;
  standby = false;
  quota: number | null = null;
  readonly #faults = new Faults<OpenbaoFault>();
  #window = { second: 0, calls: 0 };

  /** Adds a failure; the first that matches a call is used. */
  fail(fault: OpenbaoFault): void {
    this.#faults.add(fault);
  }

  /** The failure that this call is to suffer, counted down. */
  takeFault(method: string, path: string): OpenbaoFault | undefined {
    return this.#faults.take(`${method} ${path}`, path);
  }

  /** Counts a call; false where the quota of this second is used up. */
  admits(now: number): boolean {
    if (this.quota === null) return true;
    const second = Math.floor(now / 1_000);
    if (second !== this.#window.second) this.#window = { second, calls: 0 };
    this.#window.calls++;
    return this.#window.calls <= this.quota;
  }

  /** Sets what is given and leaves the rest. */
  set(settings: OpenbaoControlSettings): void {
    this.latencyMs = settings.latencyMs ?? this.latencyMs;
    this.outage = settings.outage ?? this.outage;
    this.standby = settings.standby ?? this.standby;
    if (settings.quota !== undefined) this.quota = settings.quota;
    if (settings.faults) this.#faults.set(settings.faults);
  }

  /** The present settings. */
  get(): Required<OpenbaoControlSettings> {
    return {
      latencyMs: this.latencyMs,
      outage: this.outage,
      standby: this.standby,
      quota: this.quota,
      faults: this.#faults.list(),
    };
  }

  /** Back to an OpenBao without trouble. Sealed stays sealed: that is ended with keys. */
  reset(): void {
    this.set({ latencyMs: 0, outage: false, standby: false, quota: null, faults: [] });
  }
}
