import { DrawbridgeError } from '@drawbridge/kit';
import { charts, names } from '../settings/index.ts';
import { dnsOverride, ingressAlias } from '../values/index.ts';
import type { Phase, Workshop } from './phase.ts';
import { patience, type Waiting } from './stack-kube.ts';

const minute = 60_000;
const everyMs = 2_000;

/** Both names lead to the ingress inside the cluster as well, on the same port. */
export const networkPhase: Phase = {
  name: 'network',
  about: ({ ssoHost, baoHost, port }) => `${ssoHost} and ${baoHost} on port ${port} for pods too`,
  async run(workshop, waiting) {
    const { settings, cluster, signal } = workshop;
    const { kube } = cluster();
    const twoMinutes = () => patience(workshop, 2 * minute, waiting);
    await kube.apply([ingressAlias(settings)], twoMinutes());
    const { changed } = await kube.apply([dnsOverride(settings)], twoMinutes());
    // CoreDNS mounts it at its start, where it may not have been there.
    if (changed) await kube.restart('kube-system', 'coredns', signal);
    await kube.untilDeployment('kube-system', 'coredns', twoMinutes());
    if (!settings.zitadel) return { text: `${settings.baoHost} by the cluster's DNS` };
    waiting(`a pod looks at ${settings.issuer}`, minute);
    await seenFromPod(workshop, waiting);
    return { text: `${settings.ssoHost} answers to pods, issuer byte for byte` };
  },
};

async function seenFromPod({ settings, cluster, signal, clock }: Workshop, waiting: Waiting): Promise<void> {
  const url = `${settings.issuer}/.well-known/openid-configuration`;
  const pod = { namespace: charts.openbao.namespace, pod: names.openbaoPod };
  const until = clock.now() + minute;
  let saw = '';
  while (clock.now() < until) {
    const argv = ['wget', '-q', '-T', '5', '-O', '-', url];
    const { exitCode, stdout, stderr } = await cluster().kube.exec(pod, argv, signal);
    saw = exitCode === 0 ? stdout.slice(0, 300) : stderr.trim();
    if (exitCode === 0 && issuerIn(stdout) === settings.issuer) return;
    waiting(`a pod does not see ${settings.issuer} yet: ${saw.split('\n')[0] ?? ''}`);
    await clock.sleep(everyMs, signal);
  }
  throw new DrawbridgeError('stack_not_ready', {
    message: `Pods do not reach ${settings.issuer}.`,
    where: `pod ${pod.namespace}/${pod.pod}`,
    saw,
    fix: "Look whether this cluster's CoreDNS imports kube-system/coredns-custom, as that of k3s does; else use drawbridge relay.",
  });
}

function issuerIn(text: string): unknown {
  try {
    return (JSON.parse(text) as { readonly issuer?: unknown }).issuer;
  } catch {
    return undefined;
  }
}
