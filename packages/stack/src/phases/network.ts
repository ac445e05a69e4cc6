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
    await seenFromPod(
      workshop,
      waiting,
      `${settings.openbao}/v1/sys/health`,
      ({ sealed }) => sealed === false,
    );
    if (!settings.zitadel) return { text: `${settings.baoHost} answers to pods` };
    const discovery = `${settings.issuer}/.well-known/openid-configuration`;
    await seenFromPod(workshop, waiting, discovery, ({ issuer }) => issuer === settings.issuer);
    return { text: 'both answer to pods, the issuer byte for byte' };
  },
};

/** Until a pod gets the right answer by the name that everybody uses. */
async function seenFromPod(
  { cluster, signal, clock }: Workshop,
  waiting: Waiting,
  url: string,
  isRight: (body: Readonly<Record<string, unknown>>) => boolean,
): Promise<void> {
  const pod = { namespace: charts.openbao.namespace, pod: names.openbaoPod };
  const { hostname } = new URL(url);
  const until = clock.now() + minute;
  waiting(`a pod looks at ${hostname}`, minute);
  let saw = '';
  while (clock.now() < until) {
    const argv = ['wget', '-q', '-T', '5', '-O', '-', url];
    const { exitCode, stdout, stderr } = await cluster().kube.exec(pod, argv, signal);
    if (exitCode === 0 && isRight(objectIn(stdout))) return;
    saw = exitCode === 0 ? stdout.slice(0, 300) : stderr.trim();
    waiting(`a pod does not see ${hostname} yet: ${saw.split('\n')[0] ?? ''}`, until - clock.now());
    await clock.sleep(everyMs, signal);
  }
  throw new DrawbridgeError('stack_not_ready', {
    message: `Pods do not reach ${url}.`,
    where: `pod ${pod.namespace}/${pod.pod}`,
    saw,
    fix: "Look whether this cluster's CoreDNS imports kube-system/coredns-custom, as that of k3s does; else use drawbridge relay.",
  });
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
