import { DrawbridgeError, systemClock } from '@drawbridge/kit';
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
 * a run that ends anywhere is finished by the next one, and one that was planned before another began is refused. It stops at the first
 * change that fails; what was made stays.
 *
 * @returns the plan that is left: without changes, unless others change things at the same time
 * @throws {DrawbridgeError} what calls to Zitadel throw, `target_denied`, `conflict`, `file_unwritable`
 * @example
 * ```ts
 * import { applyZitadelSetup, builtinWish, checkWish, credentialFolder, planZitadelSetup } from '@drawbridge/stack';
 * import { createZitadel, serviceAccountFile } from '@drawbridge/zitadel';
 *
 * const zitadel = createZitadel({
 *   issuer: 'https://sso.acme.example',
 *   credentials: serviceAccountFile('owner.json'),
 * });
 * const setup = {
 *   zitadel,
 *   wish: checkWish(builtinWish({ publicUrl: 'https://people.acme.example' })),
 *   credentials: credentialFolder('drawbridge-zitadel'),
 * };
 * const plan = await planZitadelSetup(setup);
 * for (const { action, title } of plan.changes) console.log(action, title);
 * const { present } = await applyZitadelSetup(setup, plan);
 * console.log(present.applications.get('drawbridge/command')?.clientId);
 * await zitadel.close();
 * ```
 */
export async function applyZitadelSetup(
  options: ZitadelSetupOptions,
  plan: ZitadelSetupPlan,
  { onMade }: ApplyObserver = {},
): Promise<ZitadelSetupPlan> {
  const { zitadel, credentials, clock = systemClock, call = {} } = options;
  const { changes, ledger } = plan;
  if (!(await ledger.isCurrent(call))) {
    throw new DrawbridgeError('conflict', {
      message: 'Somebody else has begun to set this up since it was compared.',
      why: "Two runs that make the same things would each make a key, and one of them would be nobody's.",
      fix: 'Let the other one end, then run this again.',
    });
  }
  const intents = changes.flatMap(({ intent }) => (intent ? [intent] : []));
  if (intents.length > 0) await ledger.write(Object.fromEntries(intents), call);
  const run = { zitadel, ledger, credentials, clock, call };
  for (const change of changes) {
    await change.make(run);
    onMade?.(change);
  }
  const { rotate = [], ...rest } = options;
  // A key that was just replaced works on, so that it is no leftover of this run.
  const again = rotate.length > 0 ? { ...rest, prune: false } : rest;
  let left = plan;
  for (const waitMs of looksMs) {
    await clock.sleep(waitMs, call.signal);
    left = await planZitadelSetup(again);
    if (left.changes.length === 0) break;
  }
  return left;
}
