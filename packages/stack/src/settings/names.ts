/** Charts that a stack is made of, each in the version that was tried. */
export const charts = {
  postgres: {
    release: 'cnpg',
    namespace: 'cnpg-system',
    repository: 'https://cloudnative-pg.github.io/charts',
    chart: 'cloudnative-pg',
    version: '0.29.0',
    /** One operator serves a whole cluster: where there is one already, that one does. */
    shared: true,
  },
  zitadel: {
    release: 'zitadel',
    namespace: 'zitadel',
    repository: 'https://charts.zitadel.com',
    chart: 'zitadel',
    version: '9.34.0',
    shared: false,
  },
  openbao: {
    release: 'openbao',
    namespace: 'openbao',
    repository: 'https://openbao.github.io/openbao-helm',
    chart: 'openbao',
    version: '0.29.2',
    shared: false,
  },
} as const;

export type Chart = (typeof charts)[keyof typeof charts];

/** Objects that are found by name again. */
export const names = {
  databaseCluster: 'zitadel-db',
  /** CloudNativePG writes it: `uri` is all that Zitadel needs. */
  databaseSecret: 'zitadel-db-app',
  /** The primary, whichever pod that is. */
  databaseService: 'zitadel-db-rw',
  masterkeySecret: 'zitadel-masterkey',
  /** First human administrator. */
  adminSecret: 'zitadel-first-admin',
  /** The chart writes it once, when the first instance is made. */
  machineUser: 'iam-admin',
  openbaoPod: 'openbao-0',
  openbaoService: 'openbao',
  /** The ingress on the one port, for pods. */
  ingressAlias: 'drawbridge-ingress',
  traefikNamespace: 'kube-system',
  /** Zitadel's Service, of its chart. */
  zitadelService: 'zitadel',
  /** Zitadel's keys for pods, where the cluster's DNS is left alone. */
  relay: 'drawbridge-relay',
  dns: 'coredns',
  /** What that of k3s imports. */
  dnsOverrides: 'coredns-custom',
  staleInjector: 'openbao-agent-injector-cfg',
} as const;
