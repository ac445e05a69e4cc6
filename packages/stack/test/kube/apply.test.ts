import { configMaps } from '@drawbridge/kubernetes';
import { describe, expect, it } from 'vitest';
import { until } from '../../../kubernetes/test/support/until.ts';
import {
  applyAll,
  deleteResource,
  type Manifest,
  mutatingWebhooks,
  namespaces,
  openKube,
  postgresClusters,
} from '../../src/index.ts';
import { failureOf } from './support/failure-of.ts';
import { openStandIn } from './support/stand-in.ts';

const namespace: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'zitadel' } };
const notes: Manifest = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'notes', namespace: 'zitadel' },
  data: { a: '1' },
};
const database: Manifest = {
  apiVersion: 'postgresql.cnpg.io/v1',
  kind: 'Cluster',
  metadata: { name: 'zitadel-db', namespace: 'zitadel' },
  spec: { instances: 1 },
};

const quick = { random: () => 0 };

describe('applying manifests', () => {
  it('tells what was made, what changed, and what was so already', async () => {
    const { kube, server } = await openStandIn();
    const outcomes = async (...manifests: readonly Manifest[]) =>
      (await applyAll(kube, manifests, quick)).map(({ outcome }) => outcome);
    expect(await outcomes(namespace, notes)).toEqual(['created', 'created']);
    expect(await outcomes(namespace, notes)).toEqual(['unchanged', 'unchanged']);
    expect(await outcomes(namespace, { ...notes, data: { a: '2' } })).toEqual(['unchanged', 'changed']);
    const here = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'here' } };
    expect((await applyAll(kube, [here]))[0]?.object.metadata.namespace).toBe('default');
    expect(server.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(7);
  });

  it('is patient with a kind that is registered late', async () => {
    const { kube, server } = await openStandIn();
    const reasons: string[] = [];
    const applied = applyAll(kube, [namespace, database], {
      ...quick,
      onWaiting: (why) => reasons.push(why),
    });
    await until(() => reasons.length === 1);
    server.serve({ ...postgresClusters });
    expect((await applied).map(({ outcome }) => outcome)).toEqual(['created', 'created']);
    expect(reasons).toEqual(['the cluster does not serve Cluster of postgresql.cnpg.io/v1 yet']);
  });

  it('is patient with a webhook that fails closed while its operator comes up', async () => {
    let failures = 0;
    const { kube } = await openStandIn({
      kinds: [postgresClusters],
      answer: ({ method, path }) => {
        // Three tries; each is made four times by the client itself.
        if (method !== 'PATCH' || !path.endsWith('/clusters/zitadel-db') || failures >= 12) return undefined;
        failures += 1;
        return {
          status: 500,
          body: {
            kind: 'Status',
            status: 'Failure',
            reason: 'InternalError',
            message:
              'Internal error occurred: failed calling webhook "mcluster.cnpg.io": failed to call webhook: Post "https://cnpg-webhook-service.cnpg-system.svc:443/mutate": dial tcp 10.43.0.9:443: connect: connection refused',
            code: 500,
          },
        };
      },
    });
    const reasons: string[] = [];
    const applied = await applyAll(kube, [database], { ...quick, onWaiting: (why) => reasons.push(why) });
    expect(applied.map(({ outcome }) => outcome)).toEqual(['created']);
    expect(reasons).toEqual(['the webhook mcluster.cnpg.io does not answer yet']);
    expect(failures).toBe(12);
  });

  it('is patient with one that the server is too slow with', async () => {
    let late = 4;
    const { kube } = await openStandIn({
      kinds: [postgresClusters],
      answer: ({ method }) => {
        if (method !== 'PATCH' || late === 0) return undefined;
        late -= 1;
        const message = 'Timeout: request did not complete within requested timeout';
        return { status: 504, body: { kind: 'Status', reason: 'Timeout', message, code: 504 } };
      },
    });
    const reasons: string[] = [];
    await applyAll(kube, [database], { ...quick, onWaiting: (why) => reasons.push(why) });
    expect(reasons).toEqual(['kube-apiserver takes too long with Cluster']);
  });

  it.each([
    [403, 'Forbidden', 'admission webhook "vcluster.cnpg.io" denied the request: no', 'kubernetes_forbidden'],
    [422, 'Invalid', 'Cluster "zitadel-db" is invalid: spec.instances: Invalid value', 'kubernetes_invalid'],
    [409, 'Conflict', 'failed calling webhook "x" is only quoted here', 'kubernetes_conflict'],
  ])('does not repeat what is refused: %i %s', async (status, reason, message, code) => {
    const { kube, server } = await openStandIn({
      kinds: [postgresClusters],
      answer: ({ method }) =>
        method === 'PATCH'
          ? {
              status,
              body: { kind: 'Status', reason, message, details: { name: 'zitadel-db' }, code: status },
            }
          : undefined,
    });
    const reasons: string[] = [];
    const error = await failureOf(applyAll(kube, [database], { onWaiting: (why) => reasons.push(why) }));
    expect(error.code).toBe(code);
    expect(reasons).toEqual([]);
    expect(
      server.requests.filter(({ method, plural }) => method === 'GET' && plural === 'clusters'),
    ).toHaveLength(1);
  });

  it('gives up with the last failure, and ends with the caller', async () => {
    const { kube } = await openStandIn();
    const late = await failureOf(applyAll(kube, [database], { ...quick, timeoutMs: 400 }));
    expect(late.code).toBe('kubernetes_kind_missing');
    const stop = new AbortController();
    const stopped = failureOf(
      applyAll(kube, [database], { signal: stop.signal, onWaiting: () => stop.abort() }),
    );
    expect((await stopped).code).toBe('canceled');
  });
});

describe('deleting', () => {
  it('takes what is not there, or of no kind, for deleted', async () => {
    const { kube, put } = await openStandIn();
    put(mutatingWebhooks, { metadata: { name: 'openbao-agent-injector-cfg' } });
    expect(await deleteResource(kube, mutatingWebhooks, 'openbao-agent-injector-cfg')).toBe(true);
    expect(await deleteResource(kube, mutatingWebhooks, 'openbao-agent-injector-cfg')).toBe(false);
    expect(await deleteResource(kube, postgresClusters, 'x', 'zitadel', { wait: true })).toBe(false);
    expect((await failureOf(deleteResource(kube, configMaps, 'x'))).code).toBe('invalid_request');
  });

  it('waits for finalizers, names them, and leaves alone what is made again', async () => {
    const { kube, put, server } = await openStandIn();
    put(namespaces, { metadata: { name: 'zitadel', finalizers: ['example.com/keep'] } });
    const reasons: string[] = [];
    const gone = deleteResource(kube, namespaces, 'zitadel', undefined, {
      wait: true,
      onWaiting: (why) => reasons.push(why),
    });
    await until(() => reasons.length === 1);
    await kube.cluster.objects(namespaces).patch('zitadel', { metadata: { finalizers: null } });
    await kube.cluster.objects(namespaces).create({ metadata: { name: 'zitadel' } });
    expect(await gone).toBe(true);
    expect(reasons).toEqual(['Namespace zitadel is being deleted, and kept by example.com/keep']);
    expect(server.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
    put(namespaces, { metadata: { name: 'stuck', finalizers: ['example.com/keep'] } });
    const stuck = await failureOf(
      deleteResource(kube, namespaces, 'stuck', undefined, { wait: true, timeoutMs: 200 }),
    );
    expect(stuck).toMatchObject({ code: 'stack_not_ready', where: 'Namespace stuck' });
  });
});

describe('opening a cluster', () => {
  it('knows its context, and says what is no kubeconfig', async () => {
    const { kube, server } = await openStandIn();
    expect([kube.context, kube.server]).toEqual(['test-context', server.url]);
    expect((await failureOf(openKube({ kubeconfig: '/nowhere/kubeconfig' }))).code).toBe(
      'invalid_kubeconfig',
    );
  });
});
