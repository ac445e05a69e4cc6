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
  run(patient: Patient): Promise<Finding>;
}

/**
 * Makes checks one after the other and tells each result as it comes.
 *
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
): AsyncGenerator<CheckResult> {
  /** Check → the one that failed, itself or its ground. */
  const broken = new Map<string, string>();
  for (const { name, needs, run } of checks) {
    const ground = needs.map((need) => broken.get(need)).find((failed) => failed !== undefined);
    const result: CheckResult =
      ground === undefined
        ? { name, ...(await run(patient).catch(findingOf)) }
        : { name, state: 'skip', text: `needs ${ground}`, ground };
    if (ground !== undefined || result.state === 'fail') broken.set(name, ground ?? name);
    yield result;
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
