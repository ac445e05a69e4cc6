import { authCases } from './auth.ts';
import { configCases } from './config.ts';
import { jwtCases } from './jwt.ts';
import { kvCases } from './kv.ts';
import { mountCases } from './mounts.ts';
import { policyCases } from './policies.ts';
import { systemCases } from './system.ts';
import type { OpenbaoContractCase } from './target.ts';

export {
  type ConfigOverOpenbao,
  type ConfigPlace,
  isOpenbaoCheckable,
  type OpenbaoContractCase,
  type OpenbaoContractTarget,
  type OpenbaoNeed,
} from './target.ts';

/**
 * What OpenBao's wire promises and where it surprises, as checks that run on any server: the emulated one or a real one. Each leaves
 * nothing behind.
 *
 * @example
 * ```ts
 * import { createOpenbaoEmulator, isOpenbaoCheckable, openbaoContract } from '@drawbridge/emulators';
 *
 * const openbao = createOpenbaoEmulator();
 * await openbao.start();
 * const target = { url: openbao.url, token: openbao.bootstrap.rootToken.expose(), fetch };
 * for (const one of openbaoContract.filter((each) => isOpenbaoCheckable(each, target))) {
 *   await one.run(target);
 *   console.log('holds:', one.name);
 * }
 * await openbao.stop();
 * ```
 */
export const openbaoContract: readonly OpenbaoContractCase[] = [
  ...systemCases,
  ...kvCases,
  ...authCases,
  ...policyCases,
  ...mountCases,
  ...jwtCases,
  ...configCases,
];
