import { expect, it } from 'vitest';
import { mutatingWebhooks, services } from '../../src/index.ts';
import { removeStaleWebhook } from '../../src/kube/index.ts';
import { openStandIn } from './support/stand-in.ts';

const signal = AbortSignal.timeout(10_000);
const name = 'openbao-agent-injector-cfg';
const service = { namespace: 'openbao', name: 'openbao-agent-injector-svc' };

async function openWith(...clients: readonly object[]) {
  const { kube } = await openStandIn();
  const webhooks = clients.map((clientConfig, nth) => ({ name: `${nth}.example.com`, clientConfig }));
  const configurations = kube.cluster.objects(mutatingWebhooks);
  if (clients.length > 0) await configurations.create({ metadata: { name }, webhooks });
  return { kube, isThere: async () => (await configurations.find(name)) !== undefined };
}

it('a webhook that nobody answers for is taken away, and none is none', async () => {
  const { kube, isThere } = await openWith({ service });
  expect(await removeStaleWebhook(kube, name, signal)).toBe(true);
  expect(await isThere()).toBe(false);
  expect(await removeStaleWebhook(kube, name, signal)).toBe(false);
});

it('one that somebody answers for stays: it was taken away from clusters with an OpenBao of their own', async () => {
  const served = await openWith({ service: { ...service, namespace: 'gone' } }, { service });
  await served.kube.cluster
    .objects(services, service.namespace)
    .create({ metadata: { name: service.name }, spec: { ports: [{ port: 443 }] } });
  const called = await openWith({ url: 'https://injector.example.com/mutate' });
  for (const { kube, isThere } of [served, called]) {
    expect(await removeStaleWebhook(kube, name, signal)).toBe(false);
    expect(await isThere()).toBe(true);
  }
});
