import { describe, expect, it } from 'vitest';
import { applyAll, services } from '../../src/index.ts';
import { withdraw } from '../../src/kube/index.ts';
import { openStandIn } from './support/stand-in.ts';

const names = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'coredns-custom', namespace: 'kube-system' },
  data: { 'drawbridge.override': 'rewrite' },
};
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'drawbridge-ingress', namespace: 'kube-system' },
  spec: { ports: [{ port: 8_080 }] },
};
const signal = AbortSignal.timeout(10_000);

describe('what was applied is taken away', () => {
  it('and none of what is not there', async () => {
    const { kube } = await openStandIn();
    await applyAll(kube, [service]);
    expect(await withdraw(kube, [names, service], signal)).toEqual(['Service/drawbridge-ingress']);
    expect(await withdraw(kube, [names, service], signal)).toEqual([]);
    expect((await kube.cluster.objects(services, 'kube-system').list()).items).toEqual([]);
  });

  it('but keys that others keep in the same object', async () => {
    const { kube } = await openStandIn();
    const theirs = { ...names, data: { 'theirs.server': 'example.test:53 {}' } };
    const [both] = await applyAll(kube, [{ ...names, data: { ...names.data, ...theirs.data } }]);
    expect(await withdraw(kube, [names], signal)).toEqual(['ConfigMap/coredns-custom']);
    const [after] = await applyAll(kube, [theirs]);
    expect(after?.object).toHaveProperty('data', theirs.data);
    expect(after?.object.metadata.uid).toBe(both?.object.metadata.uid);
    expect(await withdraw(kube, [names], signal)).toEqual([]);
  });
});
