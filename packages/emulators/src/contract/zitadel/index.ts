import { accessCases } from './access.ts';
import { actionCases } from './actions.ts';
import { applicationCases } from './applications.ts';
import { claimCases } from './claims.ts';
import { deviceCases } from './devices.ts';
import { logoutCases } from './logouts.ts';
import { objectCases } from './objects.ts';
import { parentCases } from './parents.ts';
import { permissionCases } from './permissions.ts';
import { proofCases } from './proofs.ts';
import { readCases } from './reads.ts';
import type { ContractCase } from './target.ts';
import { tokenCases } from './tokens.ts';
import { userCases } from './users.ts';

export type { ContractCase, ContractTarget } from './target.ts';

/**
 * What Zitadel's wire promises and where it surprises, as checks that run on any instance: the emulated one or a real
 * one. Each leaves nothing behind and lives with lists that lag.
 *
 * @example
 * ```ts
 * import { createZitadelEmulator, zitadelContract } from '@drawbridge/emulators';
 *
 * const zitadel = createZitadelEmulator();
 * await zitadel.start();
 * const { issuer, bootstrap } = zitadel;
 * const target = { issuer, serviceAccountKey: bootstrap.serviceAccountKey, fetch };
 * for (const { name, run, needs } of zitadelContract) {
 *   if (needs) continue; // this emulator was not told to call loopback
 *   await run(target);
 *   console.log('holds:', name);
 * }
 * await zitadel.stop();
 * ```
 */
export const zitadelContract: readonly ContractCase[] = [
  ...tokenCases,
  ...userCases,
  ...objectCases,
  ...accessCases,
  ...actionCases,
  ...readCases,
  ...proofCases,
  ...applicationCases,
  ...permissionCases,
  ...parentCases,
  ...deviceCases,
  ...logoutCases,
  ...claimCases,
];
