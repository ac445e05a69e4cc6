import { rm } from 'node:fs/promises';
import { writeFileAtomic } from '@drawbridge/kit';
import { type StackSettings, stackFiles } from '../settings/index.ts';
import type { K3d } from '../tools/index.ts';
import { k3dConfig } from '../values/index.ts';
import { isThere } from './is-there.ts';

/**
 * Whether k3d was cut off while it made the cluster. What it leaves may lack its server, its load balancer or what starts both; k3d lists
 * it as a cluster all the same.
 */
export async function isHalfMade(settings: StackSettings): Promise<boolean> {
  return await isThere(stackFiles(settings).making);
}

/** Makes the cluster, and takes away first what an earlier try left: nothing can be in it yet. */
export async function makeCluster(settings: StackSettings, k3d: K3d, signal: AbortSignal): Promise<void> {
  const { making } = stackFiles(settings);
  if (await isHalfMade(settings)) {
    if (await k3d.find(settings.name, signal)) await k3d.delete(settings.name, { signal });
  }
  await writeFileAtomic(making, '', { mode: 0o600 });
  await k3d.create(k3dConfig(settings), { signal });
  await rm(making, { force: true });
}
