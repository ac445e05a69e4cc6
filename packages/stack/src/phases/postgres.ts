import { charts, names } from '../settings/index.ts';
import { databaseCluster } from '../values/index.ts';
import type { Phase } from './phase.ts';
import { patience } from './stack-kube.ts';

const minute = 60_000;
const { postgres, zitadel } = charts;
const kind = 'clusters.postgresql.cnpg.io';

/** The operator that makes PostgreSQL. */
export const postgresPhase: Phase = {
  name: 'postgres',
  wanted: (settings) => settings.zitadel,
  about: () => `CloudNativePG, chart ${postgres.version}, in ${postgres.namespace}`,
  async run(workshop, waiting) {
    const { cluster, signal } = workshop;
    const { helm, kube } = cluster();
    waiting('helm installs CloudNativePG');
    await helm.install(postgres, {}, { signal });
    // Its pods may be ready before its kind is served, and the other way round: both are waited for.
    await kube.untilKind(kind, patience(workshop, 3 * minute, waiting));
    const operator = `${postgres.release}-${postgres.chart}`;
    await kube.untilDeployment(postgres.namespace, operator, patience(workshop, 3 * minute, waiting));
    return { text: 'CloudNativePG ready, its kinds served' };
  },
};

/** Zitadel's database: the init job of Zitadel's chart must find its primary. */
export const databasePhase: Phase = {
  name: 'database',
  wanted: (settings) => settings.zitadel,
  about: () => `PostgreSQL ${names.databaseCluster}, 1 GiB, in ${zitadel.namespace}`,
  async run(workshop, waiting) {
    const { kube } = workshop.cluster();
    const fiveMinutes = () => patience(workshop, 5 * minute, waiting);
    const { namespace } = zitadel;
    await kube.apply(
      [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, databaseCluster()],
      fiveMinutes(),
    );
    await kube.untilDatabase(namespace, names.databaseCluster, fiveMinutes());
    await kube.untilEndpoint(namespace, names.databaseService, fiveMinutes());
    return { text: `primary ready, service ${names.databaseService} has an endpoint` };
  },
};
