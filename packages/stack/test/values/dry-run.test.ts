import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type KubeApiserver,
  kubeAssets,
  startKubeApiserver,
} from '../../../kubernetes/test/support/kube-apiserver.ts';
import { openKube, waitForKind } from '../../src/index.ts';
import { type Chart, charts, names, settleStack } from '../../src/settings/index.ts';
import {
  databaseCluster,
  dnsOverride,
  ingressAlias,
  openbaoValues,
  relayObjects,
  zitadelValues,
} from '../../src/values/index.ts';
import { chartsFolder, dryRun, kubectl, objectsIn, type Rendered, render } from './dry-run.ts';

const settings = settleStack({ folder: '/stack' });
/** One document each: of a List kubectl would have the server check nothing. */
const manifestOf = (...items: readonly object[]) => items.map((one) => JSON.stringify(one)).join('\n---\n');

let server: KubeApiserver;
let kubeconfig: string;
const start = async () => {
  server = await startKubeApiserver();
  kubeconfig = await server.kubeconfig();
  for (const { namespace } of Object.values(charts))
    await kubectl(kubeconfig, ['create', 'namespace', namespace]);
};

describe.skipIf(!kubeAssets)('our own objects on a real kube-apiserver (KUBEBUILDER_ASSETS)', () => {
  beforeAll(start);
  afterAll(() => server?.stop());

  it('are taken by a strict check', async () => {
    const own = [
      ingressAlias(settings),
      dnsOverride(settings),
      ...relayObjects(settings, 'registry.acme.example/drawbridge:0.1.0'),
    ];
    expect(await dryRunOf(...own)).toEqual({ taken: own.length, complaints: [] });
  });

  it('would be refused with a field that there is not', async () => {
    const alias = ingressAlias(settings);
    const { taken, complaints } = await dryRunOf({ ...alias, spec: { ...alias.spec, selectors: {} } });
    expect([taken, complaints.join()]).toEqual([
      0,
      expect.stringContaining('.spec.selectors: field not declared'),
    ]);
  });
});

describe.skipIf(!kubeAssets || !chartsFolder)(
  'what Helm makes of our values on a real kube-apiserver (KUBEBUILDER_ASSETS, E2E_CHARTS)',
  () => {
    const values: readonly (readonly [Chart, object])[] = [
      [charts.postgres, {}],
      [charts.zitadel, zitadelValues(settings)],
      [charts.openbao, openbaoValues(settings)],
    ];
    const manifests = new Map<Chart, string>();
    const objects = (chart: Chart) => objectsIn(manifests.get(chart) ?? '');
    const find = (chart: Chart, kind: string, name: string) =>
      objects(chart).find((one) => one.kind === kind && one.metadata.name === name);

    beforeAll(async () => {
      await start();
      for (const [chart, own] of values) manifests.set(chart, await render(chart, own));
    });
    afterAll(() => server?.stop());

    it.for(Object.values(charts))(
      'every object of $chart $version is taken by a strict check',
      async (chart) => {
        const labels = objects(chart).map(({ metadata }) => (metadata as { labels?: Labels }).labels ?? {});
        const versions = new Set(
          labels.map((one) => one['helm.sh/chart']).filter((one) => one !== undefined),
        );
        expect([...versions]).toEqual([`${chart.chart}-${chart.version}`]);
        const checked = await dryRun(kubeconfig, chart.namespace, manifests.get(chart) ?? '');
        expect(checked).toEqual({ taken: objects(chart).length, complaints: [] });
      },
    );

    it('the database is taken by CloudNativePG’s own definition, and a field that it has not is refused', async () => {
      const definitions = objects(charts.postgres).filter(({ kind }) => kind === 'CustomResourceDefinition');
      await kubectl(kubeconfig, ['apply', '--server-side', '-f', '-'], manifestOf(...definitions));
      const kube = await openKube({ kubeconfig });
      try {
        await waitForKind(kube, 'clusters.postgresql.cnpg.io', { timeoutMs: 30_000 });
      } finally {
        await kube.close();
      }
      const cluster = databaseCluster();
      expect(await dryRunOf(cluster)).toEqual({ taken: 1, complaints: [] });
      const wrong = await dryRunOf({ ...cluster, spec: { ...cluster.spec, instance: 1 } });
      expect([wrong.taken, wrong.complaints.join()]).toEqual([
        0,
        expect.stringContaining('.spec.instance: field not declared'),
      ]);
    });

    it('parts find what they wait for by the names that the charts give', () => {
      const { postgres, zitadel, openbao } = charts;
      expect(find(postgres, 'Deployment', `${postgres.release}-${postgres.chart}`)).toBeDefined();
      expect(find(zitadel, 'Deployment', zitadel.release)).toBeDefined();
      expect(portsOf(find(zitadel, 'Service', names.zitadelService))).toContain(8_080);
      expect(`${find(openbao, 'StatefulSet', 'openbao')?.metadata.name}-0`).toBe(names.openbaoPod);
      expect(portsOf(find(openbao, 'Service', names.openbaoService))).toContain(8_200);
      const setup = JSON.stringify(find(zitadel, 'Job', 'zitadel-setup'));
      expect(setup).toContain(`create secret generic ${names.machineUser} `);
      const read = new Set(
        findAll(objects(zitadel), 'secretKeyRef').map((one) => (one as { name: string }).name),
      );
      expect([...read].toSorted()).toEqual(
        [names.databaseSecret, names.adminSecret, names.masterkeySecret].toSorted(),
      );
    });

    it('kubelet can check of every pod that it is no root', () => {
      const pods = values.flatMap(([chart]) => objects(chart).flatMap(podOf));
      expect(pods.length).toBeGreaterThanOrEqual(7);
      for (const pod of pods)
        for (const { name, securityContext } of [...pod.containers, ...(pod.initContainers ?? [])]) {
          const { runAsNonRoot, runAsUser } = { ...pod.securityContext, ...securityContext };
          if (runAsNonRoot) expect(runAsUser, name).toBeTypeOf('number');
        }
    });

    it('Traefik takes every ingress: a host of ours, and no class of another controller', () => {
      const all = values.flatMap(([chart]) => objects(chart).filter(({ kind }) => kind === 'Ingress'));
      const hosts = all.flatMap((one) => findAll(one, 'host'));
      expect(new Set(hosts)).toEqual(new Set([settings.ssoHost, settings.baoHost]));
      const classes = all.flatMap((one) => findAll(one, 'ingressClassName'));
      expect(classes.filter((one) => one !== null)).toEqual([]);
      expect(JSON.stringify(all)).not.toContain('ingress.class');
    });

    it('nothing secret is in what Helm keeps of a release', () => {
      const made = values.flatMap(([chart]) => objects(chart).filter(({ kind }) => kind === 'Secret'));
      expect(made).toEqual([]);
    });
  },
);

type Labels = Readonly<Record<string, string>>;

interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
}

interface Container {
  readonly name: string;
  readonly securityContext?: SecurityContext;
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly securityContext?: SecurityContext;
}

async function dryRunOf(...items: readonly object[]) {
  return await dryRun(kubeconfig, '', manifestOf(...items));
}

function portsOf(service: Rendered | undefined): readonly unknown[] {
  return findAll(service?.spec, 'port');
}

/** What the pods of an object are made from, where it has any. */
function podOf({ kind, spec }: Rendered): readonly PodSpec[] {
  if (kind === 'Pod') return [spec as PodSpec];
  const { template } = (spec ?? {}) as { readonly template?: { readonly spec: PodSpec } };
  return template ? [template.spec] : [];
}

/** Every value of that key, however deep. */
function findAll(tree: unknown, key: string): readonly unknown[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([name, value]) => [
    ...(name === key ? [value] : []),
    ...findAll(value, key),
  ]);
}
