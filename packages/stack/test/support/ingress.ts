import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands before everything, on the one port. */
export interface Ingress {
  readonly port: number;
  /** Sends what is asked of a host there, from now on. */
  route(host: string, url: string): void;
  stop(): Promise<void>;
}

export interface IngressOptions {
  /** Waited for when the answer to a request is there, before it is handed on: what was asked for is done, and nobody knows. */
  readonly answered?: (request: IncomingMessage) => Promise<void>;
}

/** Tells what is behind it apart by Host, as Traefik does; a host that it does not know is 404. */
export async function startIngress({ answered }: IngressOptions = {}): Promise<Ingress> {
  const routes = new Map<string, string>();
  const server = createServer((incoming, outgoing) => {
    const backend = routes.get((incoming.headers.host ?? '').split(':')[0] ?? '');
    if (backend === undefined) {
      outgoing.writeHead(404).end('404 page not found');
      return;
    }
    const { method = 'GET', url = '/', headers } = incoming;
    const onward = request(new URL(url, backend), { method, headers }, (answer) => {
      void Promise.resolve(answered?.(incoming)).then(() => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
    });
    onward.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    route: (host, url) => void routes.set(host, url),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
