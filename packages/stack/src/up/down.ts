import { rm } from 'node:fs/promises';
import { lockFolder, systemClock } from '@drawbridge/kit';
import { accessOf, charts, names, type StackSettings, stackFiles } from '../settings/index.ts';
import { untilNothingUnderWay } from '../tools/index.ts';
import { dnsOverride, ingressAlias, relayObjects } from '../values/index.ts';
import { createStackKube } from './stack-kube.ts';
import { createWorkingTools } from './working-tools.ts';

const answersMs = 10_000;
/** For what a command that was killed left at work. */
const endsMs = 30_000;

/** What was taken away, in words for a person. */
export interface StackDown {
  readonly removed: readonly string[];
  /** What is left, and why. */
  readonly kept: readonly string[];
}

/** How a stack is taken away. */
export interface StackDownOptions {
  readonly signal: AbortSignal;
  readonly env?: NodeJS.ProcessEnv;
  /** Told what is waited for. */
  readonly onWaiting?: (why: string) => void;
}

/**
 * Takes a stack away: the k3d cluster with everything in it, or from a cluster of somebody's the charts and what leads pods to them. Keys are deleted with what they
 * opened; of a cluster of somebody's, where volumes may outlive their charts, they are kept.
 *
 * @throws {DrawbridgeError} `stack_not_ready` while a program of a run that was killed is at work, `program_failed`, `locked`, `canceled`
 */
export async function stackDown(
  settings: StackSettings,
  { env, signal, onWaiting }: StackDownOptions,
): Promise<StackDown> {
  const lock = await lockFolder(settings.folder);
  try {
    const { context, name } = settings;
    const files = stackFiles(settings);
    const wait = { clock: systemClock, signal, timeoutMs: endsMs };
    await untilNothingUnderWay(files.underWay, { ...wait, ...(onWaiting ? { onWaiting } : {}) });
    const { k3d, helmFor } = createWorkingTools(settings, env);
    if (context === undefined) {
      const found = await k3d.find(name, signal);
      if (found) await k3d.delete(name, { signal });
      for (const path of Object.values(files)) await rm(path, { force: true });
      return {
        removed: [
          ...(found ? [`k3d "${name}" with all that was in it`] : []),
          `its keys in ${settings.folder}`,
        ],
        kept: [],
      };
    }
    const withdrawn = await withdrawNetwork(settings, signal);
    const helm = helmFor(accessOf(settings));
    const ours = [charts.zitadel, charts.openbao, charts.postgres];
    const removed = [...withdrawn];
    for (const chart of ours) {
      if (await helm.uninstall(chart, { signal })) removed.push(`${chart.release} in ${chart.namespace}`);
    }
    return {
      removed,
      kept: [
        `the database ${names.databaseCluster} in ${charts.zitadel.namespace}, which runs on`,
        'volumes and secrets of the three namespaces, and the kinds of CloudNativePG',
        `keys in ${settings.folder}, which open them`,
      ],
    };
  } finally {
    await lock.release();
  }
}

/** CoreDNS of somebody's cluster is not to rewrite names for a stack that is gone. */
async function withdrawNetwork(settings: StackSettings, signal: AbortSignal): Promise<readonly string[]> {
  const kube = createStackKube(accessOf(settings), systemClock);
  try {
    await kube.untilAnswers({ timeoutMs: answersMs, signal, onWaiting: () => undefined });
    const ours = [dnsOverride(settings), ingressAlias(settings), ...relayObjects(settings)];
    return await kube.withdraw(ours, signal);
  } finally {
    await kube.close();
  }
}
