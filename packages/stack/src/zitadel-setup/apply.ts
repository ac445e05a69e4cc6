import { systemClock } from '@drawbridge/kit';
import type { SetupChange } from './plan/index.ts';
import { planZitadelSetup, type ZitadelSetupOptions, type ZitadelSetupPlan } from './plan/index.ts';

/** What is told while changes are made. */
export interface ApplyObserver {
  readonly onMade?: (change: SetupChange) => void;
}

/** Waits before each look whether all is as it is to be, in milliseconds. */
const looksMs = [0, 250, 500, 1_000, 2_000, 4_000] as const;

/**
 * Makes the changes of a plan, in its order, and then looks whether all is as it is to be. Intentions are written first, in one call:
 * a run that ends anywhere is finished by the next one. It stops at the first change that fails; what was made stays.
 *
 * @returns the plan that is left: without changes, unless others change things at the same time
 * @throws {DrawbridgeError} what calls to Zitadel throw, `file_unwritable`
 */
export async function applyZitadelSetup(
  options: ZitadelSetupOptions,
  plan: ZitadelSetupPlan,
  { onMade }: ApplyObserver = {},
): Promise<ZitadelSetupPlan> {
  const { zitadel, credentials, clock = systemClock, call = {} } = options;
  const { changes, ledger } = plan;
  const intents = changes.flatMap(({ intent }) => (intent ? [intent] : []));
  if (intents.length > 0) await ledger.write(Object.fromEntries(intents), call);
  const run = { zitadel, ledger, credentials, clock, call };
  for (const change of changes) {
    await change.make(run);
    onMade?.(change);
  }
  const { rotate: _rotated, ...again } = options;
  let left = plan;
  for (const waitMs of looksMs) {
    await clock.sleep(waitMs, call.signal);
    left = await planZitadelSetup(again);
    if (left.changes.length === 0) break;
  }
  return left;
}
