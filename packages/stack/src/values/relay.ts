import { charts, names, type StackSettings } from '../settings/index.ts';

const port = 8_080;
const { namespace } = charts.zitadel;
const labels = { 'app.kubernetes.io/name': names.relay };
/** Where pods find the issuer's documents. */
const origin = `http://${names.relay}.${namespace}.svc.cluster.local:${port}`;

/** Of Zitadel's documents through the relay; the paths are those of the issuer. */
export const relayUrls = {
  discovery: `${origin}/.well-known/openid-configuration`,
  keys: `${origin}/oauth/v2/keys`,
} as const;

/**
 * `drawbridge relay` beside Zitadel, for clusters whose DNS does not lead pods to the issuer's name. It speaks plain http, as everything in this
 * lab does.
 */
export function relayObjects({ issuer }: Pick<StackSettings, 'issuer'>, image = '') {
  const metadata = { name: names.relay, namespace, labels };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 65_532,
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [
              {
                name: 'relay',
                image,
                // One that was loaded into the node is in no registry.
                imagePullPolicy: 'IfNotPresent',
                args: [
                  'relay',
                  `--issuer=${issuer}`,
                  `--zitadel-api=${names.zitadelService}.${namespace}.svc.cluster.local:8080`,
                  `--url=${origin}`,
                  `--port=${port}`,
                  '--allow-insecure',
                ],
                ports: [{ name: 'http', containerPort: port }],
                readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 2 },
                livenessProbe: { httpGet: { path: '/livez', port: 'http' } },
                resources: { requests: { cpu: '10m', memory: '96Mi' }, limits: { memory: '256Mi' } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ name: 'http', port, protocol: 'TCP', targetPort: 'http' }] },
    },
  ] as const;
}
