import { labelsOf, nameOf, type Program, selectorOf } from './service.ts';
import { namespace } from './values.ts';

const apiVersion = 'monitoring.coreos.com/v1';

/** Has Prometheus scrape a program. */
export function serviceMonitor(program: Program): object {
  const { port, scheme } = program.metrics;
  const name = nameOf(program);
  return {
    apiVersion,
    kind: 'ServiceMonitor',
    metadata: { name, namespace, labels: labelsOf(program) },
    spec: {
      selector: { matchLabels: selectorOf(program) },
      endpoints: [
        {
          port,
          scheme,
          path: '/metrics',
          ...(scheme === 'https'
            ? {
                tlsConfig: {
                  serverName: `${name}.${namespace}.svc`,
                  ca: { secret: { name: `${name}-tls`, key: 'ca.crt' } },
                },
              }
            : {}),
        },
      ],
    },
  };
}

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: 'warning' | 'critical';
  readonly summary: string;
  readonly description: string;
}

/** What somebody has to look at, by what our metrics say. */
const alerts: readonly Alert[] = [
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
    alert: 'DrawbridgeZitadelFails',
    expr: 'sum by (job) (rate(drawbridge_outbound_requests_total{status=~"5..|0"}[5m])) > 0.05 * sum by (job) (rate(drawbridge_outbound_requests_total[5m]))',
    for: '10m',
    severity: 'warning',
    summary: 'One call in twenty to the other side fails.',
    description: 'The field host of the logs names it.',
  },
  {
    alert: 'DrawbridgeEventsWait',
    expr: 'max by (consumer) (drawbridge_events_waiting_seconds) > 300',
    for: '5m',
    severity: 'warning',
    summary: 'Events of Zitadel have waited for five minutes.',
    description: 'The consumer that it names cannot apply them: see its log for the object and the reason.',
  },
  {
    alert: 'DrawbridgeKeyEnds',
    expr: 'min by (instance) (drawbridge_key_left_days) < 14',
    for: '1h',
    severity: 'warning',
    summary: 'A service account key ends within two weeks.',
    description: 'Make a new one and put it in the place of the old one before that.',
  },
];

export function alertRules(): object {
  return {
    apiVersion,
    kind: 'PrometheusRule',
    metadata: { name: 'drawbridge', namespace, labels: { 'app.kubernetes.io/part-of': 'drawbridge' } },
    spec: {
      groups: [
        {
          name: 'drawbridge',
          rules: alerts.map(({ alert, expr, for: lasting, severity, summary, description }) => ({
            alert,
            expr,
            for: lasting,
            labels: { severity },
            annotations: { summary, description },
          })),
        },
      ],
    },
  };
}
