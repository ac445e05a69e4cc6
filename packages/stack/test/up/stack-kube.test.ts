import { Secret, systemClock } from '@drawbridge/kit';
import { configMaps, secrets } from '@drawbridge/kubernetes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type KubeApiserver,
  kubeAssets,
  startKubeApiserver,
} from '../../../kubernetes/test/support/kube-apiserver.ts';
import { deployments, mutatingWebhooks } from '../../src/index.ts';
import type { Patience } from '../../src/phases/index.ts';
import { charts, names, settleStack } from '../../src/settings/index.ts';
import { createStackKube } from '../../src/up/stack-kube.ts';
import { dnsOverride, ingressAlias, relayObjects } from '../../src/values/index.ts';

describe.skipIf(kubeAssets === undefined)(
  'what a stack does in a cluster, on a real kube-apiserver (KUBEBUILDER_ASSETS)',
  () => {
    const settings = settleStack({ folder: '/stack' });
    const signal = AbortSignal.timeout(120_000);
    const patience: Patience = { timeoutMs: 60_000, signal, onWaiting: () => undefined };
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: charts.zitadel.namespace } };
    let cluster: KubeApiserver;
    let stack: ReturnType<typeof createStackKube>;

    beforeAll(async () => {
      cluster = await startKubeApiserver();
      stack = createStackKube({ kubeconfig: await cluster.kubeconfig() }, systemClock);
      await stack.untilAnswers(patience);
    }, 120_000);
    afterAll(async () => {
      await stack?.close();
      await cluster?.stop();
    });

    it('applies its own objects, and finds them as they are the second time', async () => {
      const objects = [namespace, ingressAlias(settings), dnsOverride(settings)];
      expect(await stack.apply(objects, patience)).toEqual({ changed: true });
      expect(await stack.apply(objects, patience)).toEqual({ changed: false });
      const elsewhere = dnsOverride(settleStack({ folder: '/stack', domain: 'other.test' }));
      expect(await stack.apply([elsewhere], patience)).toEqual({ changed: true });
    });

    it('takes its own away again, and leaves keys of others in the same object', async () => {
      const objects = [
        dnsOverride(settings),
        ingressAlias(settings),
        ...relayObjects(settings, 'drawbridge:0.1.0'),
      ];
      await stack.apply(objects, patience);
      const client = stack.kube().cluster.objects(configMaps, 'kube-system');
      const theirs = { data: { 'theirs.server': 'example.test:53 {}' } };
      await client.patch(names.dnsOverrides, theirs, { signal });
      expect(await stack.withdraw(objects, signal)).toEqual([
        'ConfigMap/coredns-custom',
        'Service/drawbridge-ingress',
        'Deployment/drawbridge-relay',
        'Service/drawbridge-relay',
      ]);
      expect((await client.get(names.dnsOverrides)).data).toEqual(theirs.data);
      expect(await stack.withdraw(objects, signal)).toEqual([]);
      await client.delete(names.dnsOverrides, { signal });
    });

    it('makes a Secret once, and never replaces what is in it', async () => {
      const where = { namespace: charts.zitadel.namespace, name: names.masterkeySecret };
      expect(await stack.readSecret(where, signal)).toBeUndefined();
      const key = (text: string) => () => ({ masterkey: new Secret(text) });
      await stack.keepSecret(where, key('first'), signal);
      await stack.keepSecret(where, key('second'), signal);
      expect((await stack.readSecret(where, signal))?.masterkey?.expose()).toBe('first');
      expect(await stack.kube().cluster.objects(secrets, where.namespace).find(where.name)).toBeDefined();
    });

    it('takes a stale webhook away, also where there is none', async () => {
      const client = stack.kube().cluster.objects(mutatingWebhooks);
      const service = {
        namespace: charts.openbao.namespace,
        name: 'openbao-agent-injector-svc',
        path: '/mutate',
      };
      const webhook = {
        name: 'vault.hashicorp.com',
        clientConfig: { service },
        ...{ sideEffects: 'None', admissionReviewVersions: ['v1'] },
      };
      await client.create({ metadata: { name: names.staleInjector }, webhooks: [webhook] });
      expect(await stack.removeStaleWebhook(names.staleInjector, signal)).toBe(true);
      expect(await stack.removeStaleWebhook(names.staleInjector, signal)).toBe(false);
    });

    it('has pods made anew as kubectl rollout restart does', async () => {
      const labels = { app: 'coredns' };
      const containers = [{ name: 'coredns', image: 'coredns' }];
      const template = { metadata: { labels }, spec: { containers } };
      const client = stack.kube().cluster.objects(deployments, 'kube-system');
      const spec = { selector: { matchLabels: labels }, template };
      const made = await client.create({ metadata: { name: 'coredns', namespace: 'kube-system' }, spec });
      await stack.restart('kube-system', 'coredns', signal);
      const { metadata } = await client.get('coredns');
      expect(metadata.generation).toBe((made.metadata.generation ?? 0) + 1);
    });

    it('says nothing of trouble where there are no pods', async () => {
      expect(await stack.trouble(charts.zitadel.namespace, signal)).toBeUndefined();
    });
  },
);
