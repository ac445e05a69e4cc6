import { grown, of, type Panel, quantile, type Row, rate } from './panels.ts';

/** Prometheus calls a label `instance` of a metric so, since the label of that name is the process that it read. */
const zitadel = 'exported_instance';

const glance: readonly Panel[] = [
  number(
    'Runs that stopped, 24 h',
    'short',
    [1, 10],
    `sum(increase(${of('drawbridge_runs_total', 'outcome=~"attention|quarantined"')}[24h]))`,
  ),
  number(
    'Sweeps that failed, 24 h',
    'short',
    [1, 4],
    `sum(increase(${of('drawbridge_sweeps_total', 'outcome="failed"')}[24h]))`,
  ),
  number('Oldest event that waits', 's', [60, 300], `max(${of('drawbridge_events_waiting_seconds')})`),
  number(
    'Calls that fail',
    'percentunit',
    [0.01, 0.05],
    `sum(rate(${of('drawbridge_outbound_requests_total', 'status=~"5..|0"')}[5m])) / sum(rate(${of('drawbridge_outbound_requests_total')}[5m]))`,
  ),
  number(
    'Tokens not checked',
    'percentunit',
    [0.01, 0.1],
    `sum(rate(${of('drawbridge_token_reviews_total', 'outcome="unavailable"')}[5m])) / sum(rate(${of('drawbridge_token_reviews_total')}[5m]))`,
  ),
  number('Shortest life of a key', 'd', [30, 14], `min(${of('drawbridge_key_left_days')})`),
];

const directory: readonly Panel[] = [
  lines('Runs that ended or stopped', 'short', [grown('drawbridge_runs_total', 'outcome'), '{{outcome}}']),
  lines('Runs by kind', 'short', [grown('drawbridge_runs_total', 'saga'), '{{saga}}']),
  lines('Steps that did not end at once', 'short', [
    grown('drawbridge_run_step_duration_seconds_count', 'step, outcome', 'outcome!="done"'),
    '{{step}} {{outcome}}',
  ]),
  lines('Time of a step, p95', 's', [
    quantile(0.95, 'drawbridge_run_step_duration_seconds', 'step'),
    '{{step}}',
  ]),
  lines('Time to deny: steps of a deactivation, p95', 's', [
    quantile(0.95, 'drawbridge_run_step_duration_seconds', 'step', 'saga="deactivate-user"'),
    '{{step}}',
  ]),
  lines('Sweeps', 'short', [grown('drawbridge_sweeps_total', 'outcome'), '{{outcome}}']),
  lines('Users looked at after an event', 'short', [
    grown('drawbridge_status_events_total', 'outcome'),
    '{{outcome}}',
  ]),
  lines('Requests', 'reqps', [
    rate('drawbridge_http_requests_total', 'status', 'server="directory"'),
    '{{status}}',
  ]),
  lines('Time of a request, p95', 's', [
    quantile(0.95, 'drawbridge_http_request_duration_seconds', 'route', 'server="directory"'),
    '{{route}}',
  ]),
];

const calls: readonly Panel[] = [
  lines('Calls', 'reqps', [rate('drawbridge_outbound_requests_total', 'host'), '{{host}}']),
  lines('Tokens asked for', 'short', [grown('drawbridge_token_refreshes_total', 'outcome'), '{{outcome}}']),
  lines('Calls that were not answered well', 'reqps', [
    rate('drawbridge_outbound_requests_total', 'host, status', 'status!~"[23].."'),
    '{{host}} {{status}}',
  ]),
  lines('Calls turned away as too many', 'reqps', [
    rate('drawbridge_outbound_requests_total', 'host', 'status="429"'),
    '{{host}}',
  ]),
  lines('Time of a call, p50', 's', [
    quantile(0.5, 'drawbridge_outbound_request_duration_seconds', 'host'),
    '{{host}}',
  ]),
  lines('Time of a call, p95', 's', [
    quantile(0.95, 'drawbridge_outbound_request_duration_seconds', 'host'),
    '{{host}}',
  ]),
  lines('Time of a call, p99', 's', [
    quantile(0.99, 'drawbridge_outbound_request_duration_seconds', 'host'),
    '{{host}}',
  ]),
];

const events: readonly Panel[] = [
  lines('Webhooks', 'reqps', [rate('drawbridge_events_received_total', 'outcome'), '{{outcome}}']),
  lines('Found in the event store alone', 'short', [
    grown('drawbridge_events_recovered_total', zitadel),
    `{{${zitadel}}}`,
  ]),
  lines(
    'Event store: passes, and how old what is known',
    'short',
    [grown('drawbridge_events_catch_ups_total', 'outcome'), '{{outcome}}'],
    [`max(${of('drawbridge_events_caught_up_age_seconds')})`, 'age in seconds'],
  ),
  lines('Applied', 'reqps', [
    rate('drawbridge_events_applied_total', 'consumer, outcome'),
    '{{consumer}} {{outcome}}',
  ]),
  lines('Oldest that waits', 's', [
    `max by (consumer) (${of('drawbridge_events_waiting_seconds')})`,
    '{{consumer}}',
  ]),
  lines('Time to deny: from an event until it is applied, p95', 's', [
    quantile(0.95, 'drawbridge_events_lag_seconds', 'consumer'),
    '{{consumer}}',
  ]),
];

const kubernetes: readonly Panel[] = [
  lines('Tokens reviewed', 'reqps', [rate('drawbridge_token_reviews_total', 'outcome'), '{{outcome}}']),
  lines('Tokens denied', 'reqps', [
    rate('drawbridge_token_reviews_total', 'reason', 'outcome="denied"'),
    '{{reason}}',
  ]),
  lines(
    'Time of a review',
    's',
    [quantile(0.5, 'drawbridge_http_request_duration_seconds', '', 'server="authn-webhook"'), 'p50'],
    [quantile(0.99, 'drawbridge_http_request_duration_seconds', '', 'server="authn-webhook"'), 'p99'],
  ),
  lines('Identity API', 'reqps', [
    rate('drawbridge_http_requests_total', 'method, status', 'server="apiserver"'),
    '{{method}} {{status}}',
  ]),
  lines('Identity API, p95', 's', [
    quantile(0.95, 'drawbridge_http_request_duration_seconds', 'route', 'server="apiserver"'),
    '{{route}}',
  ]),
  lines('Callers taken for nobody', 'reqps', [
    rate('drawbridge_identity_api_refused_total', 'reason'),
    '{{reason}}',
  ]),
  lines('Objects looked at', 'reqps', [
    rate('drawbridge_reconciles_total', 'controller, outcome'),
    '{{controller}} {{outcome}}',
  ]),
  lines('Time of a look, p95', 's', [
    quantile(0.95, 'drawbridge_reconcile_duration_seconds', 'controller'),
    '{{controller}}',
  ]),
  lines('Objects that wait', 'short', [
    `max by (controller) (${of('drawbridge_work_queue_depth')})`,
    '{{controller}}',
  ]),
  lines('Who leads', 'short', [
    `max by (lease, instance) (${of('drawbridge_leader')})`,
    '{{lease}} {{instance}}',
  ]),
  lines('Everything of a kind read anew', 'short', [
    grown('drawbridge_informer_lists_total', 'resource'),
    '{{resource}}',
  ]),
  lines('Keys of service accounts', 'short', [
    grown('drawbridge_service_account_keys_total', 'outcome'),
    '{{outcome}}',
  ]),
  lines('Actions', 'reqps', [
    rate('drawbridge_http_requests_total', 'route, status', 'server="actions-server"'),
    '{{route}} {{status}}',
  ]),
];

const relay: readonly Panel[] = [
  lines('The relay reads its issuer', 'short', [
    grown('drawbridge_relay_reads_total', 'outcome'),
    '{{outcome}}',
  ]),
  lines('Age of the keys that the relay serves', 's', [
    `time() - ${of('drawbridge_relay_last_read_timestamp_seconds')}`,
    '{{instance}}',
  ]),
  lines('Requests to the relay', 'reqps', [
    rate('drawbridge_http_requests_total', 'route, status', 'server="relay"'),
    '{{route}} {{status}}',
  ]),
];

const processes: readonly Panel[] = [
  lines('Processor', 'short', [
    `rate(${of('process_cpu_seconds_total')}[$__rate_interval])`,
    '{{job}} {{instance}}',
  ]),
  lines('Memory', 'bytes', [of('process_resident_memory_bytes'), '{{job}} {{instance}}']),
  lines('Event loop late, p99', 's', [of('nodejs_eventloop_lag_p99_seconds'), '{{job}} {{instance}}']),
  lines('Requests under way', 'short', [
    `sum by (job, server) (${of('drawbridge_http_requests_in_flight')})`,
    '{{job}} {{server}}',
  ]),
  lines('Age of the process', 's', [`time() - ${of('process_start_time_seconds')}`, '{{job}} {{instance}}']),
  lines('Certificates read again', 'short', [
    grown('drawbridge_tls_reloads_total', 'server, outcome'),
    '{{server}} {{outcome}}',
  ]),
];

/** What is on the dashboard, from the top. */
export const rows: readonly Row[] = [
  { title: 'At a glance', panels: glance },
  { title: 'Directory', panels: directory },
  { title: 'Calls to Zitadel, NetBird, OpenBao and Kubernetes', panels: calls },
  { title: "Zitadel's events", panels: events },
  { title: 'Kubernetes', panels: kubernetes },
  { title: 'Keys for OpenBao and kube-apiserver: the relay', panels: relay },
  { title: 'Processes', panels: processes },
];

function lines(title: string, unit: Panel['unit'], ...queries: Panel['queries']): Panel {
  return { title, unit, queries };
}

function number(
  title: string,
  unit: Panel['unit'],
  [warn, bad]: readonly [number, number],
  expr: string,
): Panel {
  return { title, unit, queries: [[expr, '']], stat: { warn, bad } };
}
