import { rm } from 'node:fs/promises';
import { lockFolder } from '@drawbridge/kit';
import { accessOf, charts, type StackSettings, stackFiles } from '../settings/index.ts';
import { createHelm, type K3d } from '../tools/index.ts';

/** What was taken away, in words for a person. */
export interface StackDown {
  readonly removed: readonly string[];
  /** What is left, and why. */
  readonly kept: readonly string[];
}

/**
 * Takes a stack away: the k3d cluster with everything in it, or from a cluster of somebody's the charts. Keys are deleted with what they
 * opened; of a cluster of somebody's, where volumes may outlive their charts, they are kept.
 */
export async function stackDown(
  settings: StackSettings,
  { k3d, env, signal }: { readonly k3d: K3d; readonly env?: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<StackDown> {
  const lock = await lockFolder(settings.folder);
  try {
    const { context, name } = settings;
    const files = stackFiles(settings);
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
    const helm = createHelm({ ...accessOf(settings), ...(env ? { env } : {}) });
    const ours = [charts.zitadel, charts.openbao, charts.postgres];
    for (const chart of ours) await helm.uninstall(chart, { signal });
    return {
      removed: ours.map(({ release, namespace }) => `${release} in ${namespace}`),
      kept: [
        'volumes and secrets of the three namespaces, and the kinds of CloudNativePG',
        `keys in ${settings.folder}, which open them`,
      ],
    };
  } finally {
    await lock.release();
  }
}
