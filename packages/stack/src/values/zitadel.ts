import { names, type StackSettings } from '../settings/index.ts';

/**
 * The image names its user by a word, which kubelet cannot check against `runAsNonRoot`: without the number the pod ends in
 * CreateContainerConfigError.
 */
const zitadelUser = 1_000;

const pod = { runAsNonRoot: true, runAsUser: zitadelUser, fsGroup: zitadelUser };
const container = {
  runAsNonRoot: true,
  runAsUser: zitadelUser,
  readOnlyRootFilesystem: true,
  allowPrivilegeEscalation: false,
  privileged: false,
};
/** Without a class Traefik of k3s takes it; a class or annotation of another controller has it ignore the ingress. */
const ingress = { enabled: true, className: '', annotations: {} };

/** Values of Zitadel's chart. Domain, port and scheme are the issuer's: Zitadel puts its issuer together from them. */
export function zitadelValues({ ssoHost, port }: Pick<StackSettings, 'ssoHost' | 'port'>): object {
  return {
    replicaCount: 1,
    zitadel: {
      masterkeySecretName: names.masterkeySecret,
      configmapConfig: {
        ExternalDomain: ssoHost,
        ExternalPort: port,
        ExternalSecure: false,
        TLS: { Enabled: false },
        FirstInstance: {
          Org: {
            Human: { UserName: 'root', PasswordChangeRequired: false },
            Machine: { Machine: { Username: names.machineUser, Name: 'Drawbridge stack' } },
          },
        },
      },
    },
    // The database and its owner are made by CloudNativePG, so only the schema is left to do.
    initJob: { command: 'zitadel' },
    env: [
      {
        name: 'ZITADEL_DATABASE_POSTGRES_DSN',
        valueFrom: { secretKeyRef: { name: names.databaseSecret, key: 'uri' } },
      },
      {
        name: 'ZITADEL_FIRSTINSTANCE_ORG_HUMAN_PASSWORD',
        valueFrom: { secretKeyRef: { name: names.adminSecret, key: 'password' } },
      },
    ],
    postgresql: { enabled: false },
    // It would delete the keys of machine users with the release; the database stays, and makes them only once.
    cleanupJob: { enabled: false },
    podSecurityContext: pod,
    securityContext: container,
    ingress: { ...ingress, hosts: [{ host: ssoHost, paths: [{ path: '/', pathType: 'Prefix' }] }] },
    login: {
      podSecurityContext: pod,
      securityContext: container,
      ingress: {
        ...ingress,
        hosts: [{ host: ssoHost, paths: [{ path: '/ui/v2/login', pathType: 'Prefix' }] }],
      },
    },
    startupProbe: { failureThreshold: 120 },
  };
}
