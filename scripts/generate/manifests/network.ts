import { labelsOf, nameOf, type Program, selectorOf } from './service.ts';
import { namespace } from './values.ts';

/** 443, as kube-apiserver and others call it, to the port that the program serves. */
export function service(program: Program): object {
  const metrics = program.metrics.port === program.served ? [] : [program.metrics.port];
  const ports = [
    ...(program.served === undefined
      ? []
      : [{ name: program.served, port: 443, targetPort: program.served }]),
    ...metrics.map((name) => ({ name, port: 8080, targetPort: name })),
  ];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: nameOf(program), namespace, labels: labelsOf(program) },
    spec: { type: 'ClusterIP', selector: selectorOf(program), ports },
  };
}

/**
 * What may come in: calls to the served port from anywhere, since kube-apiserver and Zitadel are no pods that could be
 * selected; metrics from namespaces that are labelled for it.
 */
export function networkPolicy(program: Program): object {
  const { served, metrics } = program;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: nameOf(program), namespace, labels: labelsOf(program) },
    spec: {
      podSelector: { matchLabels: selectorOf(program) },
      policyTypes: ['Ingress'],
      ingress: [
        ...(served === undefined ? [] : [{ ports: [{ port: served, protocol: 'TCP' }] }]),
        ...(metrics.port === served
          ? []
          : [
              {
                from: [{ namespaceSelector: { matchLabels: { metrics: 'enabled' } } }],
                ports: [{ port: metrics.port, protocol: 'TCP' }],
              },
            ]),
      ],
    },
  };
}
