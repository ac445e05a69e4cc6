import { DrawbridgeError } from '@drawbridge/kit';
import { charts, names, relayOf } from '../settings/index.ts';
import { dnsOverride, ingressAlias, relayObjects, relayUrls } from '../values/index.ts';
import type { Outcome, Phase, Workshop } from './phase.ts';
import { type Body, seenFromPod } from './seen-from-pod.ts';
import { patience, type Waiting } from './stack-kube.ts';

const minute = 60_000;
// CoreDNS of k3s imports coredns-custom; others may not.
const otherwise = "Have a relay give pods Zitadel's keys: drawbridge stack up --relay-image IMAGE";

/** Pods get to Zitadel: by its name on the one port, or to its keys by a relay. */
export const networkPhase: Phase = {
  name: 'network',
  about(settings) {
    const image = relayOf(settings);
    if (image !== undefined) return `drawbridge relay of ${image} gives pods Zitadel's keys`;
    return `${settings.ssoHost} and ${settings.baoHost} on port ${settings.port} for pods too`;
  },
  async run(workshop, waiting) {
    const image = relayOf(workshop.settings);
    return image === undefined ? await byName(workshop, waiting) : await byRelay(workshop, image, waiting);
  },
};

async function byName(workshop: Workshop, waiting: Waiting): Promise<Outcome> {
  const { settings, cluster, signal } = workshop;
  const { kube } = cluster();
  const twoMinutes = () => patience(workshop, 2 * minute, waiting);
  // Of an earlier run; nobody asks it any more.
  await kube.withdraw(relayObjects(settings), signal);
  await kube.apply([ingressAlias(settings)], twoMinutes());
  const { changed } = await kube.apply([dnsOverride(settings)], twoMinutes());
  // CoreDNS mounts it at its start, where it may not have been there.
  if (changed) await restartDns(workshop);
  await kube.untilDeployment('kube-system', names.dns, twoMinutes());
  const health = `${settings.openbao}/v1/sys/health`;
  await seenFromPod(workshop, waiting, { url: health, isRight: isOpen, otherwise });
  if (!settings.zitadel) return { text: `${settings.baoHost} answers to pods` };
  const url = `${settings.issuer}/.well-known/openid-configuration`;
  const isRight = ({ issuer }: Body) => issuer === settings.issuer;
  await seenFromPod(workshop, waiting, { url, isRight, otherwise });
  return { text: 'both answer to pods, the issuer byte for byte' };
}

/** The names stay unknown to pods: OpenBao reads keys from the relay, and compares the issuer of tokens with Zitadel's own. */
async function byRelay(workshop: Workshop, image: string, waiting: Waiting): Promise<Outcome> {
  const { settings, cluster, signal } = workshop;
  const { kube } = cluster();
  const { namespace } = charts.zitadel;
  // Of an earlier run, which may be the one that showed that the cluster's DNS does not read it.
  await kube.withdraw([dnsOverride(settings), ingressAlias(settings)], signal);
  // An image is pulled the first time.
  const fiveMinutes = () => patience(workshop, 5 * minute, waiting);
  await kube.apply(relayObjects(settings, image), fiveMinutes());
  await kube.untilDeployment(namespace, names.relay, fiveMinutes());
  const isRight = ({ issuer, jwks_uri }: Body) => issuer === settings.issuer && jwks_uri === relayUrls.keys;
  await seenFromPod(workshop, waiting, { url: relayUrls.discovery, isRight });
  await seenFromPod(workshop, waiting, {
    url: relayUrls.keys,
    isRight: ({ keys }) => Array.isArray(keys),
  });
  return { text: 'pods have Zitadel’s keys from the relay, the issuer byte for byte' };
}

function isOpen({ sealed }: Body): boolean {
  return sealed === false;
}

async function restartDns({ cluster, signal }: Workshop): Promise<void> {
  try {
    await cluster().kube.restart('kube-system', names.dns, signal);
  } catch (error) {
    if (DrawbridgeError.from(error).code !== 'kubernetes_not_found') throw error;
    throw new DrawbridgeError('stack_not_ready', {
      message: `The cluster has no CoreDNS of the name ${names.dns}.`,
      where: 'deployments of kube-system',
      fix: otherwise,
      cause: error,
    });
  }
}
