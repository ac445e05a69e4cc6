import { charts, names } from '../settings/index.ts';
import { databaseCluster } from '../values/index.ts';
import type { Phase } from './phase.ts';

const minute = 60_000;
const { postgres, zitadel } = charts;
const kind = 'clusters.postgresql.cnpg.io';

/** The operator that makes PostgreSQL. */
export const postgresPhase: Phase = {
  name: 'postgres',
  wanted: (settings) => settings.zitadel,
  about: () => `CloudNativePG, chart ${postgres.version}, in ${postgres.namespace}`,
  async run({ cluster, signal }, waiting) {
    const { helm, kube } = cluster();
    waiting('helm installs CloudNativePG');
    await helm.install(postgres, {}, { signal });
    const patience = { timeoutMs: 3 * minute, signal, onWaiting: waiting };
    // Its pods may be ready before its kind is served, and the other way round: both are waited for.
    await kube.untilKind(kind, patience);
    await kube.untilDeployment(postgres.namespace, `${postgres.release}-${postgres.chart}`, patience);
    return { text: 'CloudNativePG ready, its kinds served' };
  },
};

/** Zitadel's database: the init job of Zitadel's chart must find its primary. */
export const databasePhase: Phase = {
  name: 'database',
  wanted: (settings) => settings.zitadel,
  about: () => `PostgreSQL ${names.databaseCluster}, 1 GiB, in ${zitadel.namespace}`,
  async run({ cluster, signal }, waiting) {
    const { kube } = cluster();
    const patience = { timeoutMs: 5 * minute, signal, onWaiting: waiting };
    const { namespace } = zitadel;
    await kube.apply(
      [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, databaseCluster()],
      patience,
    );
    await kube.untilDatabase(namespace, names.databaseCluster, patience);
    await kube.untilEndpoint(namespace, names.databaseService, patience);
    return { text: `primary ready, service ${names.databaseService} has an endpoint` };
  },
};
