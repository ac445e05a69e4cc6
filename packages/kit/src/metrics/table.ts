/** One metric: its Prometheus type, help text and label names. */
export interface MetricInfo {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram's buckets, in the metric's unit. */
  readonly buckets?: readonly number[];
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Every metric of the product. Names and labels are an interface that dashboards rely on: they are only ever added.
 * No label holds a user, a token or a path with ids in it, since each value is a series that is kept for good.
 */
export const metricTable = {
  drawbridge_http_requests_total: {
    type: 'counter',
    help: 'Requests answered.',
    labels: ['server', 'method', 'route', 'status'],
  },
  drawbridge_http_request_duration_seconds: {
    type: 'histogram',
    help: 'Time from the request line to the last byte of the answer.',
    labels: ['server', 'method', 'route'],
    buckets: seconds,
  },
  drawbridge_http_requests_in_flight: {
    type: 'gauge',
    help: 'Requests being answered.',
    labels: ['server'],
  },
  drawbridge_tls_reloads_total: {
    type: 'counter',
    help: 'Certificate reloads by outcome.',
    labels: ['server', 'outcome'],
  },
  drawbridge_outbound_requests_total: {
    type: 'counter',
    help: 'Calls to other systems; status 0 where there was no answer.',
    labels: ['host', 'method', 'status'],
  },
  drawbridge_outbound_request_duration_seconds: {
    type: 'histogram',
    help: 'Time until the head of the answer.',
    labels: ['host', 'method'],
    buckets: seconds,
  },
  drawbridge_token_refreshes_total: {
    type: 'counter',
    help: 'Access tokens asked for.',
    labels: ['instance', 'outcome'],
  },
  drawbridge_key_age_days: {
    type: 'gauge',
    help: 'Age of the service-account key in use, in days.',
    labels: ['instance'],
  },
  drawbridge_key_left_days: {
    type: 'gauge',
    help: 'Days until the service-account key in use ends; negative afterwards.',
    labels: ['instance'],
  },
  drawbridge_runs_total: {
    type: 'counter',
    help: 'Provisioning runs that ended or stopped, by outcome.',
    labels: ['saga', 'outcome'],
  },
  drawbridge_run_step_duration_seconds: {
    type: 'histogram',
    help: 'Time of one try of a provisioning step.',
    labels: ['saga', 'step', 'outcome'],
    buckets: seconds,
  },
  drawbridge_sweeps_total: {
    type: 'counter',
    help: 'Sweeps of the status sync that ended, by outcome.',
    labels: ['outcome'],
  },
  drawbridge_status_events_total: {
    type: 'counter',
    help: 'Events that had a user looked at, by what became of it.',
    labels: ['outcome'],
  },
  drawbridge_events_received_total: {
    type: 'counter',
    help: 'Event webhooks by what became of them.',
    labels: ['instance', 'outcome'],
  },
  drawbridge_events_recovered_total: {
    type: 'counter',
    help: 'Events that no webhook brought and that were found in the event store.',
    labels: ['instance'],
  },
  drawbridge_events_catch_ups_total: {
    type: 'counter',
    help: 'Passes over the event store, by outcome.',
    labels: ['instance', 'outcome'],
  },
  drawbridge_events_caught_up_age_seconds: {
    type: 'gauge',
    help: 'Age of the newest moment up to which all events are known, as of the last try.',
    labels: ['instance'],
  },
  drawbridge_events_applied_total: {
    type: 'counter',
    help: 'Events given to a consumer, by outcome.',
    labels: ['instance', 'consumer', 'outcome'],
  },
  drawbridge_events_waiting_seconds: {
    type: 'gauge',
    help: 'Age of the oldest event that a consumer has still to apply, set aside or not; 0 where there is none.',
    labels: ['instance', 'consumer'],
  },
  drawbridge_events_lag_seconds: {
    type: 'histogram',
    help: 'Time from when Zitadel wrote an event until a consumer had applied it.',
    labels: ['instance', 'consumer'],
    buckets: [...seconds, 30, 60, 300, 3_600],
  },
  drawbridge_token_reviews_total: {
    type: 'counter',
    help: 'Tokens that kube-apiserver asked about, by outcome; of a refusal also why.',
    labels: ['outcome', 'reason'],
  },
  drawbridge_identity_api_refused_total: {
    type: 'counter',
    help: 'Callers of the identity API that were taken for nobody, or named somebody without being trusted to, by reason.',
    labels: ['reason'],
  },
  drawbridge_relay_reads_total: {
    type: 'counter',
    help: "Times that the relay read its issuer's discovery document and keys, by outcome.",
    labels: ['outcome'],
  },
  drawbridge_relay_last_read_timestamp_seconds: {
    type: 'gauge',
    help: 'When the relay last read its issuer with success; time() less this is the age of what it serves.',
    labels: ['instance'],
  },
  drawbridge_leader: {
    type: 'gauge',
    help: 'Whether this process leads: 1 or 0.',
    labels: ['lease'],
  },
  drawbridge_reconciles_total: {
    type: 'counter',
    help: 'Objects of Kubernetes that were looked at, by outcome.',
    labels: ['controller', 'outcome'],
  },
  drawbridge_reconcile_duration_seconds: {
    type: 'histogram',
    help: 'Time of one look at an object.',
    labels: ['controller'],
    buckets: seconds,
  },
  drawbridge_work_queue_depth: {
    type: 'gauge',
    help: 'Objects that wait to be looked at.',
    labels: ['controller'],
  },
  drawbridge_informer_lists_total: {
    type: 'counter',
    help: 'Times that all objects of a kind were read; more than one for each process says that watches fall behind.',
    labels: ['resource'],
  },
  drawbridge_service_account_keys_total: {
    type: 'counter',
    help: 'Keys of service accounts that were put into Secrets (added) or taken away at Zitadel (removed), and tries that failed.',
    labels: ['outcome'],
  },
} satisfies Record<string, MetricInfo>;

export type MetricTable = typeof metricTable;
