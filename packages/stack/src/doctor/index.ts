import { instanceChecks } from '@drawbridge/zitadel';
import { advised } from './advised.ts';
import { audienceCheck, projectCheck } from './audience.ts';
import { databaseCheck, directoryCheck } from './directory.ts';
import { keyFileCheck } from './key-file.ts';
import { frontProxyCheck, registrationCheck, userIdCheck } from './kubernetes.ts';
import { netbirdCheck } from './netbird.ts';
import { openbaoCheck, openbaoLoginCheck, openbaoRoleCheck } from './openbao.ts';
import type { DoctorCheck } from './patient.ts';
import { nameCheck, portCheck, spellingCheck, tlsCheck } from './reach.ts';
import { firingCheck, targetsCheck } from './targets.ts';
import { freshnessCheck, lifetimesCheck } from './tokens.ts';

export { inspectPeer, type PeerReport } from './inspect-peer.ts';
export type { DoctorCheck, DoctorPatient, OpenbaoPatient, PeerAddress } from './patient.ts';

/** Grounds that an instance's own checks have here and not elsewhere: a server that is not reached is told once. */
const grounds: Readonly<Record<string, readonly string[]>> = { issuer: ['tls'], key: ['key file'] };

const instance = "look at Zitadel's log, and at that of whatever is in front of it";
const openbao = 'start OpenBao, or set OPENBAO_URL to where it is';
const cluster = 'look whether kubectl reaches the cluster with this kubeconfig, and may read these objects';

/**
 * Everything that `drawbridge doctor` looks at, causes before what they lead to. A check that needs another is skipped where that one
 * failed, and all that need nothing of each other are made at once.
 *
 * @example
 * ```ts
 * import { doctorChecks } from '@drawbridge/stack';
 *
 * console.log(doctorChecks.map(({ name }) => name).join(', '));
 * ```
 */
export const doctorChecks: readonly DoctorCheck[] = [
  spellingCheck,
  nameCheck,
  portCheck,
  tlsCheck,
  advised("put the service account's key there, or set ZITADEL_KEY_PATH to where it is", keyFileCheck),
  ...instanceChecks.map((check) =>
    advised(instance, { ...check, needs: [...(grounds[check.name] ?? []), ...check.needs] }),
  ),
  advised(instance, freshnessCheck),
  advised(instance, projectCheck),
  advised('set DRAWBRIDGE_APPLICATION_KEY_PATH to the key file of an API application', audienceCheck),
  advised(instance, lifetimesCheck),
  advised(instance, targetsCheck),
  directoryCheck,
  advised(instance, firingCheck),
  databaseCheck,
  advised(openbao, openbaoCheck),
  advised(openbao, openbaoRoleCheck),
  advised(openbao, openbaoLoginCheck),
  advised('start NetBird, or set DRAWBRIDGE_NETBIRD_URL to where it is', netbirdCheck),
  advised(cluster, registrationCheck),
  advised(cluster, frontProxyCheck),
  advised(cluster, userIdCheck),
];
