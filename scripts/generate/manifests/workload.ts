import { labelsOf, nameOf, type Program, selectorOf } from './service.ts';
import { namespace, type Settings } from './values.ts';

/** The Deployment of a program: not root, nothing writable, nothing it does not need. */
export function deployment(program: Program, settings: Settings): object {
  const { ports, mounts, probes, tls, cluster } = program;
  const volumes = tls ? [{ name: 'tls', path: '/tls', secret: `${nameOf(program)}-tls` }, ...mounts] : mounts;
  const probe = (path: string) => ({ httpGet: { path, ...probes } });
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: nameOf(program), namespace, labels: labelsOf(program) },
    spec: {
      ...(program.scaled ? {} : { replicas: program.replicas }),
      selector: { matchLabels: selectorOf(program) },
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels: labelsOf(program) },
        spec: {
          serviceAccountName: nameOf(program),
          automountServiceAccountToken: cluster,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            runAsGroup: 65532,
            fsGroup: 65532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          priorityClassName: settings.of('priorityClassName', 'system-cluster-critical'),
          // Requests under way are given 15 s; endpoints learn of the end a little later than the pod.
          terminationGracePeriodSeconds: 40,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: selectorOf(program) },
            },
          ],
          containers: [
            {
              name: program.name,
              image: `${settings.of('image.repository', 'drawbridge')}:${settings.of('image.tag', '0.1.0')}`,
              imagePullPolicy: settings.of('image.pullPolicy', 'IfNotPresent'),
              args: program.args,
              envFrom: [{ configMapRef: { name: 'drawbridge' } }],
              ...(program.env
                ? {
                    env: program.env.map(({ name, secret, key }) => ({
                      name,
                      valueFrom:
                        secret === undefined
                          ? { configMapKeyRef: { name: 'drawbridge', key } }
                          : { secretKeyRef: { name: secret, key } },
                    })),
                  }
                : {}),
              ports: ports.map(({ name, port }) => ({ name, containerPort: port })),
              startupProbe: { ...probe('/livez'), periodSeconds: 1, failureThreshold: 60 },
              livenessProbe: { ...probe('/livez'), periodSeconds: 10, timeoutSeconds: 3 },
              readinessProbe: { ...probe('/readyz'), periodSeconds: 5, timeoutSeconds: 3 },
              resources: program.resources,
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: volumes.map(({ name, path }) => ({ name, mountPath: path, readOnly: true })),
            },
          ],
          volumes: volumes.map(({ name, secret, configMap, optional }) => ({
            name,
            ...(secret === undefined
              ? { configMap: { name: configMap, ...(optional ? { optional } : {}) } }
              : { secret: { secretName: secret, defaultMode: 0o400, ...(optional ? { optional } : {}) } }),
          })),
        },
      },
    },
  };
}

/** Keeps one replica while nodes are drained. */
export function disruptionBudget(program: Program): object {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: nameOf(program), namespace, labels: labelsOf(program) },
    spec: { minAvailable: 1, selector: { matchLabels: selectorOf(program) } },
  };
}

/** Replicas by load, for programs that keep nothing. */
export function autoscaler(program: Program, settings: Settings): object {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: nameOf(program), namespace, labels: labelsOf(program) },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: nameOf(program) },
      minReplicas: program.replicas,
      maxReplicas: settings.of(`${program.key}.maxReplicas`, 6),
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
    },
  };
}
