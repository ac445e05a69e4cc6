import { X509Certificate } from 'node:crypto';
import { DrawbridgeError, readJson } from '@drawbridge/kit';
import {
  type Cluster,
  type ConfigMap,
  configMaps,
  type KubeObject,
  type ResourceType,
} from '@drawbridge/kubernetes';
import type { Finding } from '@drawbridge/zitadel';
import type { DoctorCheck } from './patient.ts';

const notSet: Finding = { state: 'skip', text: 'no cluster is set (--kubeconfig)' };

/** @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/api-service-v1/ */
interface ApiService extends KubeObject {
  readonly kind: 'APIService';
  readonly spec?: {
    readonly group?: string;
    readonly service?: { readonly name?: string; readonly namespace?: string };
    readonly insecureSkipTLSVerify?: boolean;
  };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

const apiServices: ResourceType<ApiService> = {
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  namespaced: false,
};

/** What a server says that is no kube-apiserver, drawbridge apiserver itself for one. */
const noAggregator: Finding = {
  state: 'fail',
  text: 'what the kubeconfig leads to is no kube-apiserver that others stand behind',
  means: 'it serves neither APIServices nor ConfigMaps',
  fix: 'give the kubeconfig of the cluster itself: --kubeconfig, DRAWBRIDGE_KUBECONFIG',
};

/** Nothing where the server does not know the kind. */
async function unlessUnknown<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof DrawbridgeError && error.code === 'kubernetes_kind_missing') return undefined;
    throw error;
  }
}

const ourGroups = new Set(['identity.milo.io', 'identity.miloapis.com']);

/** kube-apiserver reaches the identity API that is registered with it. */
export const registrationCheck: DoctorCheck = {
  name: 'registration',
  needs: [],
  async run({ cluster, signal }) {
    if (!cluster) return notSet;
    const list = await unlessUnknown((await cluster()).objects(apiServices).list({}, { signal }));
    if (!list) return noAggregator;
    const { items } = list;
    const ours = items.filter(({ spec }) => ourGroups.has(spec?.group ?? ''));
    if (ours.length === 0)
      return { state: 'skip', text: 'the cluster has no APIService of the identity API' };
    for (const { metadata, spec, status } of ours) {
      const available = status?.conditions?.find(({ type }) => type === 'Available');
      if (available?.status !== 'True') {
        const { reason = 'not yet looked at', message = '' } = available ?? {};
        return {
          state: 'fail',
          text: `APIService ${metadata.name} is not available: ${reason}`,
          means: message || 'kubectl hangs at discovery, and namespaces cannot be deleted',
          fix: `kubectl describe apiservice ${metadata.name}`,
        };
      }
      if (spec?.insecureSkipTLSVerify === true) {
        return {
          state: 'warn',
          text: `APIService ${metadata.name} does not look at the certificate`,
          means: 'whoever answers in the place of drawbridge apiserver is believed',
          fix: 'set its caBundle, and take insecureSkipTLSVerify out',
        };
      }
    }
    return { state: 'ok', text: `${ours.map(({ spec }) => spec?.group).join(', ')} available` };
  },
};

const day = 86_400_000;
const soonDays = 30;
const trustName = 'extension-apiserver-authentication';

/** Whom the cluster names as its front proxy. @see https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/ */
async function readTrust(cluster: Cluster, signal: AbortSignal): Promise<ConfigMap | undefined> {
  return await cluster.objects(configMaps, 'kube-system').find(trustName, { signal });
}

/** The authority of the front proxy lasts, and who it may vouch for is named. */
export const frontProxyCheck: DoctorCheck = {
  name: 'front proxy',
  needs: ['registration'],
  async run({ cluster, signal, now }) {
    if (!cluster) return notSet;
    const found = await readTrust(await cluster(), signal);
    const ca = found?.data?.['requestheader-client-ca-file'] ?? '';
    const certificates = ca.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    if (certificates.length === 0) {
      return {
        state: 'fail',
        text: 'the cluster has no authority of a front proxy',
        means: 'drawbridge apiserver does not start: it could not tell who calls',
        fix: 'start kube-apiserver with --requestheader-client-ca-file and --proxy-client-cert-file',
      };
    }
    if (names(found?.data?.['requestheader-allowed-names']).length === 0) {
      return {
        state: 'fail',
        text: 'the cluster names nobody as its front proxy',
        means:
          'any certificate of the authority could act for anybody: drawbridge apiserver does not start so',
        fix: 'start kube-apiserver with --requestheader-allowed-names=front-proxy-client',
      };
    }
    // One that lasts is enough: while an authority is renewed there are two.
    const ends = certificates.map((pem) => Date.parse(new X509Certificate(pem).validTo));
    const days = Math.floor((Math.max(...ends) - now()) / day);
    if (days >= soonDays)
      return { state: 'ok', text: `the authority of the front proxy has ${days} days left` };
    return {
      state: days < 0 ? 'fail' : 'warn',
      text:
        days < 0
          ? `the authority of the front proxy ended ${-days} days ago`
          : `the authority of the front proxy ends in ${days} days`,
      means: 'kube-apiserver is then a stranger to drawbridge apiserver: 401 for everybody',
      fix: 'renew front-proxy-ca; with kubeadm: kubeadm certs renew front-proxy-client',
    };
  },
};

/** From 1.33 on user ids are sent unless that was switched off; what the ConfigMap says of their headers is empty either way. */
const firstWithUids = [1, 33] as const;

/** kube-apiserver is of a version that passes user ids on. */
export const userIdCheck: DoctorCheck = {
  name: 'user ids',
  needs: ['front proxy'],
  async run({ cluster, signal }) {
    if (!cluster) return notSet;
    const answer = await (await cluster()).read('/version', { signal });
    const { major, minor } = (await readJson(answer)) as { major?: unknown; minor?: unknown };
    // Vendors write their minor version as `33+`.
    const [first, second] = [Number.parseInt(String(major), 10), Number.parseInt(String(minor), 10)];
    const [least, leastMinor] = firstWithUids;
    if (first > least || (first === least && second >= leastMinor))
      return { state: 'ok', text: `Kubernetes ${first}.${second} sends user ids` };
    return {
      state: 'warn',
      text: `Kubernetes ${String(major)}.${String(minor)} sends no user ids`,
      means: 'they come from 1.33 on; without them everybody is answered 401',
      fix: 'upgrade to 1.33 or newer, or start drawbridge apiserver with --uid-from-username',
    };
  },
};

/** A list as JSON; what is none is none. */
function names(json: string | undefined): readonly string[] {
  try {
    const value: unknown = JSON.parse(json ?? '[]');
    return Array.isArray(value)
      ? value.filter((one): one is string => typeof one === 'string' && one !== '')
      : [];
  } catch {
    return [];
  }
}
