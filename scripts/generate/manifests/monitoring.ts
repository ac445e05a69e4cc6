import { alertGroups } from './alerts.ts';
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

/** The alerts, as Prometheus' operator takes them. */
export function alertRules(): object {
  return {
    apiVersion,
    kind: 'PrometheusRule',
    metadata: { name: 'drawbridge', namespace, labels: { 'app.kubernetes.io/part-of': 'drawbridge' } },
    spec: plainRules(),
  };
}

/** The alerts, as Prometheus itself reads them: a file of `rule_files`. */
export function plainRules(): object {
  return {
    groups: Object.entries(alertGroups).map(([name, alerts]) => ({
      name,
      rules: alerts.map(({ alert, expr, for: lasting, severity, summary, description }) => ({
        alert,
        expr,
        ...(lasting === undefined ? {} : { for: lasting }),
        labels: { severity },
        annotations: { summary, description },
      })),
    })),
  };
}
