import { accessCases } from './access.ts';
import { groupCases } from './groups.ts';
import { invitationCases } from './invitations.ts';
import { signInCases } from './sign-ins.ts';
import type { NetbirdContractCase } from './target.ts';
import { userCases } from './users.ts';

export {
  isCheckable,
  type NetbirdContractCase,
  type NetbirdContractTarget,
  type NetbirdNeed,
} from './target.ts';

/**
 * What NetBird's wire promises and where it surprises, as checks that run on any account: the emulated one or a real one. Each
 * leaves nothing behind.
 *
 * @example
 * ```ts
 * import { createNetbirdEmulator, isCheckable, netbirdContract } from '@drawbridge/emulators';
 *
 * const netbird = createNetbirdEmulator();
 * await netbird.start();
 * const target = { url: netbird.url, token: netbird.bootstrap.token.expose(), fetch };
 * for (const one of netbirdContract.filter((each) => isCheckable(each, target))) {
 *   await one.run(target);
 *   console.log('holds:', one.name);
 * }
 * await netbird.stop();
 * ```
 */
export const netbirdContract: readonly NetbirdContractCase[] = [
  ...accessCases,
  ...userCases,
  ...invitationCases,
  ...groupCases,
  ...signInCases,
];
