import { actionsServerAccess, controllerAccess } from '../../../packages/kubernetes/src/index.ts';
import type { Program } from './service.ts';
import { namespace, type Settings } from './values.ts';

const resources = (cpu: string, memory: string, most: string) => ({
  requests: { cpu, memory },
  limits: { memory: most },
});

/** The four programs beside a cluster. */
export function programs(settings: Settings): readonly Program[] {
  // An account for each, with the rights of its job alone, as `drawbridge setup zitadel --output secret` prints them.
  const zitadelKey = (key: string, account: string) => ({
    name: 'zitadel',
    path: '/zitadel',
    secret: settings.of(`${key}.keySecret`, `drawbridge-${account}-key`),
  });
  const own = (key: string, replicas: number, needs: object) => ({
    key,
    replicas: settings.of(`${key}.replicas`, replicas),
    resources: settings.of(`${key}.resources`, needs),
  });
  const onCertificate = {
    ports: [{ name: 'https', port: 8443 }],
    served: 'https',
    metrics: { port: 'https', scheme: 'https' },
    probes: { port: 'https', scheme: 'HTTPS' },
    tls: true,
  } as const;
  const kubeSystem = {
    namespace: 'kube-system',
    name: 'drawbridge-apiserver-authentication-reader',
    role: 'extension-apiserver-authentication-reader',
  };
  return [
    {
      ...onCertificate,
      ...own('apiserver', 2, resources('50m', '128Mi', '512Mi')),
      name: 'apiserver',
      args: [
        'apiserver',
        '--secure-port=8443',
        '--tls-cert-file=/tls/tls.crt',
        '--tls-private-key-file=/tls/tls.key',
        '--zitadel-key=/zitadel/key.json',
      ],
      mounts: [zitadelKey('apiserver', 'apiserver')],
      scaled: true,
      cluster: true,
      // It asks who may do what to others' objects, and reads who the front proxy is.
      clusterRoles: ['system:auth-delegator'],
      rules: [],
      roles: [kubeSystem],
    },
    {
      ...own('authnWebhook', 2, resources('50m', '128Mi', '512Mi')),
      name: 'authn-webhook',
      args: [
        'authn-webhook',
        // The image's own default is the directory's.
        '--port=9443',
        '--zitadel-private-key=/zitadel/application.json',
        '--cert-dir=/tls',
        '--client-ca-file=/client-ca/ca.crt',
        '--metrics-bind-address=:8080',
      ],
      env: [{ name: 'DRAWBRIDGE_AUDIENCES', key: 'audiences' }],
      ports: [
        { name: 'https', port: 9443 },
        { name: 'metrics', port: 8080 },
      ],
      served: 'https',
      metrics: { port: 'metrics', scheme: 'http' },
      probes: { port: 'metrics', scheme: 'HTTP' },
      tls: true,
      mounts: [
        {
          name: 'zitadel',
          path: '/zitadel',
          secret: settings.of('authnWebhook.applicationKeySecret', 'drawbridge-application-key'),
        },
        {
          name: 'client-ca',
          path: '/client-ca',
          secret: settings.of('authnWebhook.clientCaSecret', 'drawbridge-kube-apiserver-ca'),
        },
      ],
      scaled: true,
      cluster: false,
      clusterRoles: [],
      rules: [],
      roles: [],
    },
    {
      ...own('controllerManager', 2, resources('50m', '192Mi', '768Mi')),
      name: 'controller-manager',
      args: [
        'controller',
        '--zitadel-key=/zitadel/key.json',
        '--health-probe-bind-address=:8081',
        '--metrics-bind-address=:8080',
      ],
      ports: [
        { name: 'probes', port: 8081 },
        { name: 'metrics', port: 8080 },
      ],
      metrics: { port: 'metrics', scheme: 'http' },
      probes: { port: 'probes', scheme: 'HTTP' },
      tls: false,
      mounts: [zitadelKey('controllerManager', 'controller')],
      scaled: false,
      cluster: true,
      clusterRoles: [],
      rules: controllerAccess.cluster,
      roles: [{ namespace, name: 'drawbridge-controller-manager', rules: controllerAccess.own }],
    },
    {
      ...own('actionsServer', 2, resources('50m', '128Mi', '512Mi')),
      name: 'actions-server',
      args: [
        'actions-server',
        '--addr=:8082',
        '--cert-file=/tls/tls.crt',
        '--key-file=/tls/tls.key',
        '--signing-key-file=/signing/keys',
        '--zitadel-key=/zitadel/key.json',
      ],
      env: [
        {
          name: 'DATABASE_URL',
          secret: settings.of('actionsServer.databaseSecret', 'drawbridge-database'),
          key: 'url',
        },
      ],
      ports: [{ name: 'https', port: 8082 }],
      served: 'https',
      metrics: { port: 'https', scheme: 'https' },
      probes: { port: 'https', scheme: 'HTTPS' },
      tls: true,
      mounts: [
        zitadelKey('actionsServer', 'actions-server'),
        {
          name: 'signing',
          path: '/signing',
          secret: settings.of('actionsServer.signingKeySecret', 'drawbridge-signing-keys'),
        },
      ],
      scaled: false,
      cluster: true,
      clusterRoles: [],
      rules: actionsServerAccess,
      roles: [],
    },
  ];
}
