/** One thing that somebody has to look at. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long it has to hold; at once where it is left out. */
  readonly for?: string;
  readonly severity: 'warning' | 'critical';
  readonly summary: string;
  readonly description: string;
}

/**
 * Whether a counter grew. `increase` alone does not see the first of its kind in a process: the series begins with it.
 */
const grew = (counter: string, time: string) =>
  `increase(${counter}[${time}]) > 0 or (${counter} > 0 unless ${counter} offset ${time})`;

const failing = (counter: string, failed: string, by: string, share: number) =>
  `sum by (${by}) (rate(${counter}{${failed}}[5m])) > ${share} * sum by (${by}) (rate(${counter}[5m]))`;

/** What is the same for all programs. */
const everywhere: readonly Alert[] = [
  {
    alert: 'DrawbridgeDown',
    expr: 'up{job=~".*drawbridge.*"} == 0',
    for: '5m',
    severity: 'critical',
    summary: 'A process of Drawbridge does not answer.',
    description: 'Its own log says why it ended, or why it is not ready.',
  },
  {
    alert: 'DrawbridgeZitadelFails',
    expr: failing('drawbridge_outbound_requests_total', 'status=~"5..|0"', 'job', 0.05),
    for: '10m',
    severity: 'warning',
    summary: 'One call in twenty to the other side fails.',
    description: 'The field host of the logs names it.',
  },
  {
    alert: 'DrawbridgeHostDoesNotAnswer',
    expr: failing('drawbridge_outbound_requests_total', 'status=~"5..|0"', 'job, host', 0.5),
    for: '5m',
    severity: 'critical',
    summary: 'Zitadel, NetBird or another system that is called does not answer.',
    description:
      'The label host names it. Runs wait and go on by themselves for an hour; nobody is changed meanwhile. drawbridge doctor says more.',
  },
  {
    alert: 'DrawbridgeCallsAreLimited',
    expr: 'sum by (job, host) (rate(drawbridge_outbound_requests_total{status="429"}[5m])) > 0.1',
    for: '10m',
    severity: 'warning',
    summary: 'A system that is called turns calls away as too many.',
    description: 'Zitadel Cloud bans an address that goes on. Others may call it from the same address.',
  },
  {
    alert: 'DrawbridgeAnswersFail',
    expr: failing('drawbridge_http_requests_total', 'status=~"5.."', 'job, server', 0.05),
    for: '10m',
    severity: 'warning',
    summary: 'One answer in twenty is an error of ours.',
    description: 'The log has an entry with a code for each.',
  },
  {
    alert: 'DrawbridgeKeyEnds',
    expr: 'min by (job, exported_instance) (drawbridge_key_left_days) < 14',
    for: '1h',
    severity: 'warning',
    summary: 'A service account key ends within two weeks.',
    description: 'Make a new one and put it in the place of the old one before that.',
  },
  {
    alert: 'DrawbridgeCertificateNotTaken',
    expr: grew('drawbridge_tls_reloads_total{outcome="failed"}', '1h'),
    severity: 'warning',
    summary: 'A certificate was changed and could not be read.',
    description: 'The former one is served until it ends: look at its file and its key.',
  },
];

const events: readonly Alert[] = [
  {
    alert: 'DrawbridgeEventsWait',
    expr: 'max by (consumer) (drawbridge_events_waiting_seconds) > 300',
    for: '5m',
    severity: 'warning',
    summary: 'Events of Zitadel have waited for five minutes.',
    description: 'The consumer that it names cannot apply them: see its log for the object and the reason.',
  },
  {
    alert: 'DrawbridgeEventsNotRead',
    expr: 'min by (job) (drawbridge_events_caught_up_age_seconds) > 300',
    for: '5m',
    severity: 'warning',
    summary: 'The event store of Zitadel has not been read for five minutes.',
    description:
      'Webhooks still come; what they lose is not found. Mostly a role (events.read) or Zitadel is gone.',
  },
];

const directory: readonly Alert[] = [
  {
    alert: 'DrawbridgeRunsNeedAttention',
    expr: `sum by (saga, outcome) (${grew('drawbridge_runs_total{outcome=~"attention|quarantined"}', '15m')})`,
    severity: 'warning',
    summary: 'A run of the directory stopped and waits for a person.',
    description:
      'drawbridge runs list --state attention, and --state quarantined, say which, and what to do.',
  },
  {
    alert: 'DrawbridgeBrakeHolds',
    expr: `sum(${grew('drawbridge_status_events_total{outcome="held"}', '15m')} or ${grew('drawbridge_sweeps_total{outcome="braked"}', '15m')})`,
    severity: 'critical',
    summary: 'Events of Zitadel, or a sweep, would deactivate too many users at once.',
    description:
      'Nobody beyond the limit is deactivated. drawbridge sync list --state braked, then approve or discard.',
  },
  {
    alert: 'DrawbridgeSweepsFail',
    expr: 'sum by (job) (increase(drawbridge_sweeps_total{outcome="failed"}[2h])) > 0 unless sum by (job) (increase(drawbridge_sweeps_total{outcome!="failed"}[2h])) > 0',
    severity: 'warning',
    summary: 'No comparison with Zitadel has come to its end for two hours.',
    description: 'drawbridge sync list --state failed has the reason. Nobody was changed.',
  },
];

const kubernetes: readonly Alert[] = [
  {
    alert: 'DrawbridgeTokensCannotBeChecked',
    expr: 'sum(rate(drawbridge_token_reviews_total{outcome="unavailable"}[5m])) > 0.1 * sum(rate(drawbridge_token_reviews_total[5m]))',
    for: '5m',
    severity: 'critical',
    summary: 'Tokens cannot be checked.',
    description:
      'Zitadel does not answer the TokenReview webhook, or more unknown tokens come than it may ask about. Whoever is not remembered is refused.',
  },
  {
    alert: 'DrawbridgeCallersRefused',
    expr: 'sum by (reason) (rate(drawbridge_identity_api_refused_total[10m])) > 0.1',
    for: '10m',
    severity: 'warning',
    summary: 'The identity API takes callers for nobody.',
    description:
      'The reason says why: mostly the certificate of the front proxy, or a cluster that sends no user ids.',
  },
  {
    alert: 'DrawbridgeNobodyLeads',
    expr: 'sum by (job, lease) (drawbridge_leader) == 0',
    for: '5m',
    severity: 'critical',
    summary: 'No controller leads.',
    description:
      'Nothing is brought to Zitadel. Look at the Lease, and at the rights of the service account.',
  },
  {
    alert: 'DrawbridgeObjectsFail',
    expr: failing('drawbridge_reconciles_total', 'outcome="failed"', 'controller', 0.2),
    for: '15m',
    severity: 'warning',
    summary: 'One look at an object in five fails.',
    description: 'Conditions of the objects, and the log, say why.',
  },
  {
    alert: 'DrawbridgeObjectsWait',
    expr: 'max by (controller) (drawbridge_work_queue_depth) > 1000',
    for: '15m',
    severity: 'warning',
    summary: 'A thousand objects wait to be looked at.',
    description:
      'Zitadel is slow or limited, or --workers and --resync-period do not fit the number of objects.',
  },
  {
    alert: 'DrawbridgeKeysNotReplaced',
    expr: grew('drawbridge_service_account_keys_total{outcome="failed"}', '1h'),
    severity: 'warning',
    summary: 'The key of a service account could not be put into its Secret.',
    description: 'The former one stays good. The account says why in its condition and its Events.',
  },
];

const relay: readonly Alert[] = [
  {
    alert: 'DrawbridgeRelayIsStale',
    expr: 'time() - drawbridge_relay_last_read_timestamp_seconds > 600',
    severity: 'warning',
    summary: 'The relay has not read its issuer for ten minutes.',
    description:
      'It serves its copy for --stale-if-error, then 503: OpenBao and kube-apiserver go without keys then.',
  },
];

/** All alerts, by group. Those on metrics that are not there never fire. */
export const alertGroups: Readonly<Record<string, readonly Alert[]>> = {
  drawbridge: everywhere,
  'drawbridge-events': events,
  'drawbridge-directory': directory,
  'drawbridge-kubernetes': kubernetes,
  'drawbridge-relay': relay,
};
