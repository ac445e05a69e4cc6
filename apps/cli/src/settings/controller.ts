import { optional, validators, withDefault } from '@drawbridge/kit';
import { apiserverSettings } from './apiserver.ts';
import { serveSettings } from './tables.ts';

const day = 86_400_000;

/** What `drawbridge controller` runs on. Flags and variables are those of the Go provider where it has them. */
export const controllerSettings = {
  issuer: apiserverSettings.issuer,
  address: apiserverSettings.address,
  keyPath: {
    ...apiserverSettings.keyPath,
    description: 'Service-account key file that Zitadel is changed with.',
  },
  kubeconfig: optional(validators.path(), {
    flag: 'kubeconfig',
    env: ['DRAWBRIDGE_KUBECONFIG'],
    key: 'controller.kubeconfig',
    description: "The cluster, or Milo's core control plane. By default the one that this runs in.",
  }),
  projectKubeconfig: optional(validators.path(), {
    flag: 'project-kubeconfig',
    env: ['DRAWBRIDGE_PROJECT_KUBECONFIG'],
    key: 'controller.projectKubeconfig',
    description: 'Server that has the control planes of projects. By default the same.',
  }),
  mode: withDefault(validators.oneOf('single', 'milo'), 'single', {
    flag: 'mode',
    env: ['DRAWBRIDGE_CONTROLLER_MODE'],
    key: 'controller.mode',
    description: 'single: one cluster without projects. milo: projects have control planes of their own.',
  }),
  emailSuffix: withDefault(validators.text(), 'identity.miloapis.com', {
    flag: 'email-address-suffix',
    env: ['DRAWBRIDGE_EMAIL_ADDRESS_SUFFIX'],
    key: 'controller.emailAddressSuffix',
    description: 'What mail addresses of service accounts end with.',
  }),
  organizationId: optional(validators.text(), {
    flag: 'service-account-organization',
    env: ['DRAWBRIDGE_SERVICE_ACCOUNT_ORGANIZATION'],
    key: 'controller.serviceAccountOrganization',
    description: 'Organization of service accounts where there are no projects. By default that of the key.',
  }),
  registrationApproval: withDefault(validators.boolean(), false, {
    flag: 'registration-approval',
    env: ['DRAWBRIDGE_REGISTRATION_APPROVAL'],
    key: 'controller.registrationApproval',
    description: 'Keep users out whose registration is not approved.',
  }),
  profiles: withDefault(validators.oneOf('correct', 'report'), 'correct', {
    flag: 'profiles',
    env: ['DRAWBRIDGE_PROFILES'],
    key: 'controller.profiles',
    description: 'Whether names and addresses in Zitadel are corrected, or differences reported.',
  }),
  keyMaxAgeMs: withDefault(validators.duration({ min: 60_000 }), 30 * day, {
    flag: 'key-max-age',
    env: ['DRAWBRIDGE_KEY_MAX_AGE'],
    key: 'controller.keys.maxAge',
    description: 'Age at which a key in a Secret is replaced.',
  }),
  keyOverlapMs: withDefault(validators.duration(), day, {
    flag: 'key-overlap',
    env: ['DRAWBRIDGE_KEY_OVERLAP'],
    key: 'controller.keys.overlap',
    description: 'How long a replaced key stays good.',
  }),
  introspectionProjectId: optional(validators.text(), {
    flag: 'zitadel-introspection-project-id',
    env: ['DRAWBRIDGE_INTROSPECTION_PROJECT_ID'],
    key: 'controller.keys.introspectionProject',
    description: 'Project that tokens of such keys have to be for.',
  }),
  resyncMs: withDefault(validators.duration({ min: 1_000 }), 600_000, {
    flag: 'resync-period',
    env: ['DRAWBRIDGE_RESYNC_PERIOD'],
    key: 'controller.resyncPeriod',
    description: 'How often everything is compared with Zitadel, whatever happens.',
  }),
  workers: withDefault(validators.integer({ min: 1, max: 200 }), 8, {
    flag: 'workers',
    env: ['DRAWBRIDGE_CONTROLLER_WORKERS'],
    key: 'controller.workers',
    description: 'Objects of one kind that are worked on at once.',
  }),
  leaseNamespace: optional(validators.text(), {
    flag: 'leader-election-namespace',
    env: ['DRAWBRIDGE_LEADER_ELECTION_NAMESPACE'],
    key: 'controller.leaderElection.namespace',
    description: 'Namespace of the Lease. By default that of the pod, or of the kubeconfig.',
  }),
  leaseName: withDefault(validators.text(), 'drawbridge-controller', {
    flag: 'leader-election-id',
    env: ['DRAWBRIDGE_LEADER_ELECTION_ID'],
    key: 'controller.leaderElection.id',
    description: 'Name of the Lease.',
  }),
  probeAddress: withDefault(validators.text(), ':8081', {
    flag: 'health-probe-bind-address',
    env: ['DRAWBRIDGE_HEALTH_PROBE_BIND_ADDRESS'],
    key: 'controller.healthProbeBindAddress',
    description: 'Address of probes and metrics.',
  }),
  metricsAddress: optional(validators.text(), {
    flag: 'metrics-bind-address',
    env: ['DRAWBRIDGE_METRICS_BIND_ADDRESS'],
    key: 'controller.metricsBindAddress',
    description: 'Address of a second server with metrics, such as :8080; 0 for none.',
  }),
  callsPerSecond: serveSettings.callsPerSecond,
  allowInsecure: { ...serveSettings.allowInsecure, key: 'controller.allowInsecure' },
  logLevel: { ...serveSettings.logLevel, key: 'controller.logLevel' },
};
