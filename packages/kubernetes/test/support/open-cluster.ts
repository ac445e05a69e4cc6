import { Secret } from '@drawbridge/kit';
import { onTestFinished } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.ts';
import { type ApiServer, type ApiServerOptions, startApiServer } from './api-server/index.ts';

/** A stand-in and a client of it, gone with the test. */
export async function openCluster(
  options: ApiServerOptions = {},
): Promise<{ readonly server: ApiServer; readonly cluster: Cluster }> {
  const server = await startApiServer(options);
  const { token } = options;
  const cluster = createCluster({
    access: {
      server: server.url,
      credentials: async () => (token === undefined ? {} : { token: new Secret(token) }),
    },
  });
  onTestFinished(async () => {
    await cluster.close();
    await server.stop();
  });
  return { server, cluster };
}
