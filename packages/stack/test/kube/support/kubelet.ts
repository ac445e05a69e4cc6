import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { makeAuthority } from '../../../../kit/test/support/authority.ts';
import { type Machine, statusOf } from './machine.ts';
import { acceptSpdy, type SpdyStream } from './spdy.ts';
import { streamRequest, webSocketStreams } from './web-socket-streams.ts';

/** What kube-apiserver asks a node for: commands, ports and logs. */
export interface Kubelet {
  readonly port: number;
  /** What came, as `verb pod protocol`. */
  readonly seen: readonly string[];
  stop(): Promise<void>;
}

/** A kubelet for tests. kube-apiserver speaks SPDY to it for commands, and hands on the WebSockets of ports as they are. */
export async function startKubelet(
  machine: Machine,
  logs: (pod: string, query: URLSearchParams) => string,
): Promise<Kubelet> {
  const { cert, key } = await (await makeAuthority('kubelet')).issue('kubelet', ['127.0.0.1']);
  const webSockets = webSocketStreams(machine);
  const seen: string[] = [];
  const sockets = new Set<Duplex>();
  const server = createServer({ cert, key }, (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'https://kubelet');
    const [, pod] = /^\/containerLogs\/[^/]+\/([^/]+)\/[^/]+$/.exec(url.pathname) ?? [];
    seen.push(`${request.method} ${url.pathname}`);
    if (pod === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'text/plain' }).end(logs(pod, url.searchParams));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket: Duplex, head) => {
    const asked = streamRequest(request);
    if (/^websocket$/i.test(request.headers.upgrade ?? '')) return webSockets.upgrade(request, socket, head);
    seen.push(`${asked.verb} ${asked.pod} ${request.headers.upgrade}`);
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n',
    );
    serveSpdyExec(machine, asked, socket, head);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get seen() {
      return [...seen, ...webSockets.seen];
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function serveSpdyExec(
  machine: Machine,
  { pod, container, query }: ReturnType<typeof streamRequest>,
  socket: Duplex,
  head: Buffer,
): void {
  const wanted = ['error', 'input', 'output'].filter((name) => ['1', 'true'].includes(query.get(name) ?? ''));
  const streams = new Map<string, SpdyStream>();
  acceptSpdy(socket, head, (stream) => {
    streams.set(stream.headers.get('streamtype') ?? '', stream);
    // One more than asked for: how the command ended.
    if (streams.size === wanted.length + 1) void serve();
  });
  const serve = async () => {
    const ended = await machine.run({
      pod,
      container,
      argv: query.getAll('command'),
      stdin: streams.get('stdin')?.received,
    });
    streams.get('stdout')?.write(Buffer.from(ended.stdout ?? ''));
    streams.get('stderr')?.write(Buffer.from(ended.stderr ?? ''));
    streams.get('error')?.write(Buffer.from(statusOf(ended)));
    for (const stream of streams.values()) stream.end();
  };
}
