/** A failure to inject, as far as all emulators have it. */
export interface FaultRule {
  /** What it is for; `*` stands for any text. */
  readonly match: string;
  /** How many times; default until removed. */
  readonly times?: number;
  readonly status?: number;
  readonly message?: string;
}

interface Armed<F> {
  readonly fault: F;
  readonly pattern: RegExp;
  left: number;
}

/** The failures that calls are to suffer, each counted down. */
export class Faults<F extends FaultRule> {
  #armed: Armed<F>[] = [];

  /** Adds one; the first that matches a call is used. */
  add(fault: F): void {
    const pattern = new RegExp(`^${fault.match.split('*').map(escapePattern).join('.*')}$`);
    this.#armed.push({ fault, pattern, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  /** Replaces all. */
  set(faults: readonly F[]): void {
    this.#armed = [];
    for (const fault of faults) this.add(fault);
  }

  /** The failure of a call, which may be named in several ways. */
  take(...names: readonly string[]): F | undefined {
    const armed = this.#armed.find(({ pattern }) => names.some((name) => pattern.test(name)));
    if (!armed) return undefined;
    if (--armed.left <= 0) this.#armed = this.#armed.filter((other) => other !== armed);
    return armed.fault;
  }

  /** Those that are left, with how often. */
  list(): readonly F[] {
    return this.#armed.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : fault));
  }
}

/** Whether a value that came from outside has what every failure has. */
export function isFaultRule(value: unknown): value is FaultRule {
  if (typeof value !== 'object' || value === null) return false;
  const { match, times, status, message } = value as Readonly<Record<string, unknown>>;
  return (
    typeof match === 'string' &&
    (times === undefined || (Number.isInteger(times) && Number(times) > 0)) &&
    (status === undefined || (Number.isInteger(status) && Number(status) >= 200 && Number(status) < 600)) &&
    (message === undefined || typeof message === 'string')
  );
}

function escapePattern(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
