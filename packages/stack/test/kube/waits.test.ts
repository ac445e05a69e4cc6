import { describe, expect, it } from 'vitest';
import { until } from '../../../kubernetes/test/support/until.ts';
import {
  clusterEvents,
  deployments,
  endpointSlices,
  jobs,
  pods,
  postgresClusters,
  resourceDefinitions,
  services,
  waitForCondition,
  waitForDeployment,
  waitForJob,
  waitForKind,
  waitForServiceEndpoint,
} from '../../src/index.ts';
import { failureOf } from './support/failure-of.ts';
import { openStandIn, podOf } from './support/stand-in.ts';
import { told } from './support/told.ts';

const namespace = 'zitadel';

describe('waiting for a job', () => {
  const name = 'zitadel-init';
  const job = { metadata: { name, namespace } };
  const labels = { 'job-name': name };

  it('follows it from before it is made until it is complete', async () => {
    const { kube, put, change } = await openStandIn();
    const { reasons, onWaiting } = told();
    const done = waitForJob(kube, { namespace, name, onWaiting });
    await until(() => reasons.length === 1);
    put(jobs, job);
    await until(() => reasons.length === 2);
    put(pods, podOf('zitadel-init-x', { phase: 'Pending' }, { labels }));
    await until(() => reasons.length === 3);
    change(jobs, namespace, name, { status: { conditions: [{ type: 'Complete', status: 'True' }] } });
    expect((await done).metadata.name).toBe(name);
    expect(reasons).toEqual([
      'no job zitadel-init in zitadel yet',
      'job zitadel-init has no pod yet',
      'job zitadel-init: pod zitadel-init-x is on its node, and not started yet',
    ]);
  });

  it('ends at once when it failed, with the last words of its pod', async () => {
    const { kube, put } = await openStandIn({
      answer: ({ path }) =>
        path.endsWith('/pods/zitadel-init-x/log')
          ? { status: 200, body: 'dial tcp: no route to host\n' }
          : undefined,
    });
    put(jobs, {
      ...job,
      status: {
        conditions: [
          {
            type: 'Failed',
            status: 'True',
            reason: 'BackoffLimitExceeded',
            message: 'Job has reached the specified backoff limit',
          },
        ],
      },
    });
    put(
      pods,
      podOf(
        'zitadel-init-x',
        { phase: 'Failed', containerStatuses: [{ name: 'main', state: { terminated: { exitCode: 1 } } }] },
        { labels },
      ),
    );
    const error = await failureOf(waitForJob(kube, { namespace, name }));
    expect(error).toMatchObject({
      code: 'job_failed',
      message:
        'job zitadel/zitadel-init cannot get ready: job zitadel-init failed, BackoffLimitExceeded: pod zitadel-init-x failed with exit code 1.',
    });
    expect(error.saw).toContain('no route to host');
  });

  it('names what keeps its pod from being made', async () => {
    const { kube, put } = await openStandIn();
    put(jobs, job);
    put(clusterEvents, {
      metadata: { name: 'e', namespace },
      involvedObject: { kind: 'Job', name },
      type: 'Warning',
      reason: 'FailedCreate',
      message: 'Error creating: pods "x" is forbidden: exceeded quota: small',
      lastTimestamp: new Date().toISOString(),
    });
    const error = await failureOf(waitForJob(kube, { namespace, name, timeoutMs: 200 }));
    expect(error).toMatchObject({ code: 'pod_refused', where: 'job zitadel/zitadel-init' });
    expect(error.message).toContain('Job zitadel-init cannot make its pod: a quota is used up');
  });
});

describe('waiting for a deployment', () => {
  it('takes it for there when all of its present form are available', async () => {
    const { kube, put, change } = await openStandIn();
    const { reasons, onWaiting } = told();
    put(deployments, {
      metadata: { name: 'cnpg', namespace },
      spec: { replicas: 1, selector: { matchLabels: { app: 'cnpg' } } },
      status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 0 },
    });
    const labels = { app: 'cnpg' };
    put(
      pods,
      podOf(
        'cnpg-1',
        { containerStatuses: [{ name: 'main', state: { waiting: { reason: 'ContainerCreating' } } }] },
        { labels },
      ),
    );
    put(pods, podOf('other', { phase: 'Failed' }, { labels: {} }));
    const done = waitForDeployment(kube, { namespace, name: 'cnpg', onWaiting });
    await until(() => reasons.length === 1);
    const rolled = { replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
    // Of what was asked for before: not what is waited for.
    change(deployments, namespace, 'cnpg', { status: { ...rolled, observedGeneration: 0 } });
    change(pods, namespace, 'cnpg-1', { status: { conditions: [{ type: 'Ready', status: 'True' }] } });
    await until(() => reasons.length === 2);
    change(deployments, namespace, 'cnpg', { status: { ...rolled, observedGeneration: 99 } });
    await done;
    expect(reasons).toEqual([
      'containers of pod cnpg-1 are being made',
      'deployment cnpg is being rolled out',
    ]);
  });
});

describe('waiting for a service', () => {
  it('takes one without a ready pod for not there', async () => {
    const { kube, put, change } = await openStandIn();
    const { reasons, onWaiting } = told();
    const done = waitForServiceEndpoint(kube, { namespace, service: 'zitadel-db-rw', onWaiting });
    await until(() => reasons.length === 1);
    put(services, { metadata: { name: 'zitadel-db-rw', namespace } });
    await until(() => reasons.length === 2);
    const endpoint = { addresses: ['10.0.0.7'], targetRef: { kind: 'Pod', name: 'zitadel-db-1' } };
    put(endpointSlices, {
      metadata: { name: 's', namespace, labels: { 'kubernetes.io/service-name': 'zitadel-db-rw' } },
      endpoints: [{ ...endpoint, conditions: { ready: false } }],
    });
    await until(() => reasons.length === 3);
    change(endpointSlices, namespace, 's', { endpoints: [{ ...endpoint, conditions: { ready: true } }] });
    expect(await done).toEqual({ address: '10.0.0.7', pod: 'zitadel-db-1' });
    expect(reasons).toEqual([
      'no service zitadel-db-rw in zitadel yet',
      'service zitadel-db-rw has no endpoint yet',
      'service zitadel-db-rw has only pods that are not ready',
    ]);
  });
});

describe('waiting for a kind', () => {
  const definition = 'clusters.postgresql.cnpg.io';

  it('wants it established, and served to whoever asks anew', async () => {
    const { kube, put, change, server } = await openStandIn();
    const { reasons, onWaiting } = told();
    const done = waitForKind(kube, definition, { onWaiting });
    await until(() => reasons.length === 1);
    put(resourceDefinitions, {
      metadata: { name: definition },
      spec: {
        group: 'postgresql.cnpg.io',
        names: { plural: 'clusters', kind: 'Cluster' },
        scope: 'Namespaced',
        versions: [{ name: 'v1', served: true }],
      },
    });
    await until(() => reasons.length === 2);
    change(resourceDefinitions, '', definition, {
      status: { conditions: [{ type: 'Established', status: 'True' }] },
    });
    await until(() => reasons.length === 3);
    server.serve({ ...postgresClusters });
    expect(await done).toEqual(postgresClusters);
    expect(reasons).toEqual([
      `no definition of ${definition} yet`,
      `the definition of ${definition} is not established yet`,
      `${definition} is established, and not served yet`,
    ]);
  });
});

describe('waiting for a condition', () => {
  it('tells how far the object is, in its own words', async () => {
    const { kube, put, change } = await openStandIn({ kinds: [postgresClusters] });
    const { reasons, onWaiting } = told();
    const done = waitForCondition(kube, postgresClusters, { namespace, name: 'zitadel-db', onWaiting });
    await until(() => reasons.length === 1);
    put(postgresClusters, {
      metadata: { name: 'zitadel-db', namespace },
      status: { phase: 'Setting up primary', conditions: [{ type: 'Ready', status: 'False' }] },
    });
    await until(() => reasons.length === 2);
    change(postgresClusters, namespace, 'zitadel-db', {
      status: { currentPrimary: 'zitadel-db-1', conditions: [{ type: 'Ready', status: 'True' }] },
    });
    expect((await done).status?.currentPrimary).toBe('zitadel-db-1');
    expect(reasons).toEqual([
      'no Cluster zitadel-db yet',
      'Cluster zitadel-db is not Ready: Setting up primary',
    ]);
  });

  it('waits for a kind that is not served yet as well', async () => {
    const { kube, server, put } = await openStandIn();
    const { reasons, onWaiting } = told();
    const done = waitForCondition(kube, postgresClusters, { namespace, name: 'zitadel-db', onWaiting });
    await until(() => reasons.includes('the cluster does not serve clusters.postgresql.cnpg.io yet'));
    server.serve({ ...postgresClusters });
    put(postgresClusters, {
      metadata: { name: 'zitadel-db', namespace },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    });
    await done;
  });
});
