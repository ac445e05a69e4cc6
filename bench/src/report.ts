/** One result of a benchmark. */
export interface Measurement {
  readonly name: string;
  /** The number with its unit, as a person reads it. Ratios compare things of the same run. */
  readonly value: string;
  /** What was agreed, and whether it was kept. Absent: the number is only told. */
  readonly budget?: { readonly text: string; readonly kept: boolean };
}

/** Prints results as they come, in columns. @returns whether every budget was kept */
export async function print(measurements: AsyncIterable<Measurement>): Promise<boolean> {
  let kept = true;
  for await (const { name, value, budget } of measurements) {
    const verdict = budget ? `${budget.kept ? 'ok  ' : 'OVER'} (budget ${budget.text})` : '';
    console.log(`  ${name.padEnd(52)} ${value.padStart(24)}  ${verdict}`.trimEnd());
    if (budget && !budget.kept) kept = false;
  }
  return kept;
}

/** A number with thousands apart and the digits that matter. */
export function round(value: number, digits = 0): string {
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
