import { writeFileAtomic } from '@drawbridge/kit';
import { accessOf, stackFiles } from '../settings/index.ts';
import { hooksMs, untilNothingUnderWay } from '../tools/index.ts';
import { isHalfMade, makeCluster } from './make-cluster.ts';
import type { Phase } from './phase.ts';
import { patience } from './stack-kube.ts';

const answersMs = 120_000;

/** The cluster itself: made, started, or only found. */
export const clusterPhase: Phase = {
  name: 'cluster',
  about: ({ context, name, port }) =>
    context === undefined
      ? `k3d "${name}", one node, port ${port} of this machine`
      : `${context}, which is there already`,
  async run(workshop, waiting) {
    const { settings, k3d, open, cluster, signal, clock } = workshop;
    const { context, name } = settings;
    const { underWay, kubeconfig } = stackFiles(settings);
    await untilNothingUnderWay(underWay, { clock, ...patience(workshop, hooksMs, waiting) });
    let how = 'there';
    if (context === undefined) {
      await k3d.requireVersion(signal);
      const found = await k3d.find(name, signal);
      if (!found || (await isHalfMade(settings))) {
        waiting('k3d makes a cluster, and pulls its image the first time');
        await makeCluster(settings, k3d, signal);
        how = 'made';
      } else if (found.serversRunning < found.serversCount) {
        waiting('k3d starts the cluster');
        await k3d.start(name, { signal });
        how = 'started';
      }
      await writeFileAtomic(kubeconfig, await k3d.kubeconfig(name, signal), { mode: 0o600 });
    }
    open(accessOf(settings));
    const { helm, kube } = cluster();
    await helm.requireVersion(signal);
    await kube.untilAnswers(patience(workshop, answersMs, waiting));
    return { text: context === undefined ? `k3d "${name}" ${how}, API answers` : `${context}, API answers` };
  },
};
