import type { StackSettings } from '../settings/index.ts';

const config = `ui = true

listener "tcp" {
  address         = "[::]:8200"
  cluster_address = "[::]:8201"
  tls_disable     = true
}

storage "raft" {
  path = "/openbao/data"
}
`;

/** Values of OpenBao's chart: one server on raft, which lasts, and no injector. */
export function openbaoValues({ baoHost }: Pick<StackSettings, 'baoHost'>): object {
  return {
    injector: { enabled: false },
    server: {
      standalone: { enabled: true, config },
      dataStorage: { size: '1Gi' },
      affinity: '',
      ingress: {
        enabled: true,
        // Of a cluster of several; a single server has no Service of that name.
        activeService: false,
        hosts: [{ host: baoHost, paths: [] }],
      },
    },
  };
}
