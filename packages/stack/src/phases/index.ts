import { clusterPhase } from './cluster.ts';
import { networkPhase } from './network.ts';
import { openbaoPhase } from './openbao.ts';
import type { Phase } from './phase.ts';
import { databasePhase, postgresPhase } from './postgres.ts';
import { readyPhase } from './ready.ts';
import { signInPhase } from './sign-in.ts';
import { zitadelPhase } from './zitadel.ts';

export { isHalfMade } from './make-cluster.ts';
export { readRootToken } from './openbao-keys.ts';
export type { Looked, Outcome, Phase, PhaseName, SignIn, SignInWork, Workshop } from './phase.ts';
export type { Patience, StackKube, Waiting } from './stack-kube.ts';

/** All parts, in the order in which they are made. */
export const phases: readonly Phase[] = [
  clusterPhase,
  postgresPhase,
  databasePhase,
  zitadelPhase,
  openbaoPhase,
  networkPhase,
  readyPhase,
  signInPhase,
];
