import { DrawbridgeError } from '@drawbridge/kit';

/** What a check found. `skip` says that there is nothing to look at, and why. */
export type Finding =
  | { readonly state: 'ok' | 'skip'; readonly text: string }
  | {
      readonly state: 'warn' | 'fail';
      readonly text: string;
      /** What it leads to. */
      readonly means?: string;
      /** What to do about it. */
      readonly fix?: string;
    };

/** A finding with the name of its check. A check whose ground has failed is skipped. */
export type CheckResult = {
  readonly name: string;
  /** The check that failed, without which this one would only repeat its failure. */
  readonly ground?: string;
} & Finding;

/** One thing that commonly goes wrong. `Patient` is what it looks at. */
export interface Check<Patient> {
  readonly name: string;
  /** Names of checks without which this one would only repeat their failure. */
  readonly needs: readonly string[];
  /** How long it may take, in milliseconds, where that is not as with the others. */
  readonly limitMs?: number;
  /** Made once all others are done: it keeps this machine so busy that they would be late. Nothing can need it. */
  readonly alone?: true;
  run(patient: Patient): Promise<Finding>;
}

/** How checks are made. */
export interface RunChecksOptions {
  /** Ends the looking; what was not told by then is not told. Default: nothing does. */
  readonly signal?: AbortSignal;
  /** How long one check may take before it counts as failed, in milliseconds. Default 20,000. */
  readonly limitMs?: number;
}

/**
 * Makes checks, each as soon as those that it needs are done, and tells the results in their order. What one of them waits for, the
 * others do not: all together take as long as the slowest chain of needs.
 *
 * @throws the reason of `signal`, once that is aborted
 * @example
 * ```ts
 * import { runChecks } from '@drawbridge/zitadel';
 *
 * const check = { name: 'answer', needs: [], run: async () => ({ state: 'ok', text: '42' }) as const };
 * for await (const { name, state } of runChecks([check], undefined)) console.log(name, state); // answer ok
 * ```
 */
export async function* runChecks<Patient>(
  checks: readonly Check<Patient>[],
  patient: Patient,
  { signal, limitMs = defaultLimitMs }: RunChecksOptions = {},
): AsyncGenerator<CheckResult> {
  const made = new Map<string, Promise<Made>>();
  const begin = (check: Check<Patient>) => {
    const grounds = check.needs.flatMap((need) => made.get(need) ?? []);
    made.set(check.name, make(check, patient, grounds, { signal, limitMs }));
  };
  for (const check of checks) if (!check.alone) begin(check);
  // Waited for one after the other: a later one may be aborted while an earlier one is waited for.
  const others = Promise.allSettled(made.values());
  try {
    for (const check of checks) {
      if (check.alone) {
        await others;
        begin(check);
      }
      const one = await made.get(check.name);
      if (one) yield one.result;
    }
  } finally {
    // Whoever stops listening closes what is looked at next: what is under way may have something to put back.
    await Promise.allSettled(made.values());
  }
}

const defaultLimitMs = 20_000;
/** How long a check may take to end once it was told to, in milliseconds. */
const graceMs = 2_000;

/** A check that was made, or skipped. */
interface Made {
  readonly result: CheckResult;
  /** The check that failed: itself or its ground. */
  readonly broken?: string;
}

async function make<Patient>(
  { name, run, limitMs }: Check<Patient>,
  patient: Patient,
  grounds: readonly Promise<Made>[],
  options: { readonly signal: AbortSignal | undefined; readonly limitMs: number },
): Promise<Made> {
  const ground = (await Promise.all(grounds)).find(({ broken }) => broken !== undefined)?.broken;
  if (ground !== undefined)
    return { result: { name, state: 'skip', text: `needs ${ground}`, ground }, broken: ground };
  const { signal } = options;
  signal?.throwIfAborted();
  const found = await inTime(run(patient).catch(findingOf), limitMs ?? options.limitMs, signal);
  const result = { name, ...found };
  return found.state === 'fail' ? { result, broken: name } : { result };
}

/** What a check finds, unless it takes too long: not everything that it waits for can be told to stop. */
async function inTime(
  work: Promise<Finding>,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const { promise, resolve, reject } = Promise.withResolvers<Finding>();
  const timer = setTimeout(() => {
    resolve({
      state: 'fail',
      text: `there was no answer within ${limitMs / 1_000} s`,
      means: 'what it looks at, or this machine, is too slow to work with',
      fix: 'try again; if it stays so, look at the load of both',
    });
  }, limitMs);
  let graceTimer: NodeJS.Timeout | undefined;
  const abort = () => {
    graceTimer = setTimeout(() => reject(signal?.reason), graceMs);
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const found = await Promise.race([work, promise]);
    // An error that is only our own end is no finding.
    signal?.throwIfAborted();
    return found;
  } finally {
    clearTimeout(timer);
    clearTimeout(graceTimer);
    signal?.removeEventListener('abort', abort);
  }
}

/** An error that a check met, as a finding. */
function findingOf(caught: unknown): Finding {
  const error = DrawbridgeError.from(caught);
  const means = [error.saw ? `saw ${error.saw}` : '', error.why ?? ''].filter(Boolean).join('; ');
  return {
    state: 'fail',
    text: error.message,
    ...(means ? { means } : {}),
    ...(error.fix ? { fix: error.fix } : {}),
  };
}
