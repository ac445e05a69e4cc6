import { charts, names } from '../settings/index.ts';

const image = 'ghcr.io/cloudnative-pg/postgresql:18.6-system-trixie';

/** PostgreSQL for Zitadel, as CloudNativePG's Cluster: one primary, a database and its owner. */
export function databaseCluster() {
  return {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'Cluster',
    metadata: { name: names.databaseCluster, namespace: charts.zitadel.namespace },
    spec: {
      instances: 1,
      imageName: image,
      storage: { size: '1Gi' },
      bootstrap: { initdb: { database: 'zitadel', owner: 'zitadel' } },
    },
  };
}
