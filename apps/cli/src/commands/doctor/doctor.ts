import { doctorChecks } from '@drawbridge/stack';
import { type CheckResult, runChecks } from '@drawbridge/zitadel';
import { type Context, Findings } from '../../context.ts';
import { startWait } from '../../terminal/index.ts';
import { openPatient } from './patient.ts';
import { report } from './report.ts';

const readableMs = 1_000;

/**
 * `drawbridge doctor`: makes the checks, says what is wrong and what to do. Ends 1 when something failed, and with `--strict` when
 * something was found at all.
 */
export async function doctor(context: Context, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { patient, close } = await openPatient(context, flags);
  const results: CheckResult[] = [];
  const wait = startWait(context.terminal, 'checking');
  // Most are done before anybody could read their names.
  let slow: NodeJS.Timeout | undefined;
  const watch = () => {
    clearTimeout(slow);
    slow = setTimeout(() => wait.update(`checking ${doctorChecks[results.length]?.name ?? ''}`), readableMs);
  };
  try {
    watch();
    for await (const result of runChecks(doctorChecks, patient, { signal: context.signal })) {
      results.push(result);
      watch();
    }
  } finally {
    clearTimeout(slow);
    wait.end();
    await close();
  }
  report(context.terminal, results, flags.all === true);
  const counts: readonly CheckResult['state'][] = flags.strict === true ? ['fail', 'warn'] : ['fail'];
  if (results.some(({ state }) => counts.includes(state))) throw new Findings();
}
