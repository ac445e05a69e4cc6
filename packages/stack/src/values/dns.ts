import { names, type StackSettings } from '../settings/index.ts';

/** The ingress on the same port as on the host, so that an issuer's port means the same in a pod. */
export function ingressAlias({ port }: Pick<StackSettings, 'port'>) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: names.ingressAlias, namespace: names.traefikNamespace },
    spec: {
      selector: { 'app.kubernetes.io/name': 'traefik' },
      ports: [{ name: 'web', port, protocol: 'TCP', targetPort: 'web' }],
    },
  };
}

/**
 * Both hosts lead to the ingress for pods too. k3s imports keys that end in `.override` into CoreDNS' own block; editing CoreDNS' ConfigMap
 * itself would be undone at its next start.
 */
export function dnsOverride({ ssoHost, baoHost }: Pick<StackSettings, 'ssoHost' | 'baoHost'>) {
  const target = `${names.ingressAlias}.${names.traefikNamespace}.svc.cluster.local`;
  const lines = [ssoHost, baoHost].map((host) => `rewrite name exact ${host} ${target} answer auto\n`);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: names.dnsOverrides, namespace: 'kube-system' },
    data: { 'drawbridge.override': lines.join('') },
  };
}
