import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { dial, type Machine, refusedPort, statusOf } from './machine.ts';

const pathOfStream =
  /^\/(?:api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/)?(exec|portforward|portForward)(?:\/([^/]+)\/([^/]+)(?:\/([^/]+))?)?$/;

/** Where a request for streams goes: kube-apiserver's paths, or the kubelet's. */
export function streamRequest(request: IncomingMessage) {
  const url = new URL(request.url ?? '/', 'http://kubelet');
  const [, , podOfApi, verb = '', , podOfKubelet, container] = pathOfStream.exec(url.pathname) ?? [];
  return {
    verb: verb.toLowerCase(),
    pod: podOfApi ?? podOfKubelet ?? '',
    container: url.searchParams.get('container') ?? container ?? '',
    query: url.searchParams,
  };
}

export interface WebSocketStreams {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Cuts all connections. */
  cut(): void;
  /** Reads nothing more of what comes from now on. */
  stall(): void;
  /** What was asked for, as `verb pod protocol`. */
  readonly seen: readonly string[];
}

/** Speaks the side of streams that the server has, by `v5.channel.k8s.io` and `v4.channel.k8s.io`. */
export function webSocketStreams(
  machine: Machine,
  /** Refuses before anything is opened: an HTTP status and a Status. */
  refuse: (
    request: ReturnType<typeof streamRequest>,
  ) => { readonly status: number; readonly body: string } | undefined = () => undefined,
): WebSocketStreams {
  const server = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => [...offered].find((one) => /^v[45]\.channel\.k8s\.io$/.test(one)) ?? false,
  });
  const seen: string[] = [];
  let stalled = false;
  return {
    seen,
    upgrade(request, socket, head) {
      const asked = streamRequest(request);
      const refused = refuse(asked);
      if (refused) {
        socket.end(
          `HTTP/1.1 ${refused.status} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(refused.body)}\r\nconnection: close\r\n\r\n${refused.body}`,
        );
        return;
      }
      server.handleUpgrade(request, socket, head, (ws) => {
        seen.push(`${asked.verb} ${asked.pod} ${ws.protocol}`);
        ws.on('error', () => undefined);
        if (stalled) ws.pause();
        void (asked.verb === 'exec' ? serveExec(machine, asked, ws) : servePort(machine, asked, ws));
      });
    },
    stall() {
      stalled = true;
    },
    cut() {
      for (const client of server.clients) client.terminate();
    },
  };
}

async function serveExec(
  machine: Machine,
  { pod, container, query }: ReturnType<typeof streamRequest>,
  ws: WebSocket,
): Promise<void> {
  const input: Buffer[] = [];
  const stdin = new Promise<Buffer>((resolve) => {
    ws.on('message', (data: Buffer) => {
      if (data[0] === 0) input.push(data.subarray(1));
      // The one thing that v5 adds: the end of a stream.
      if (data[0] === 255 && ws.protocol.startsWith('v5')) resolve(Buffer.concat(input));
    });
  });
  const ended = await machine.run({
    pod,
    container,
    argv: query.getAll('command'),
    stdin: query.get('stdin') === 'true' ? stdin : undefined,
  });
  for (const [stream, output] of [
    [1, ended.stdout],
    [2, ended.stderr],
  ] as const)
    for (const piece of pieces(Buffer.from(output ?? ''))) ws.send(Buffer.concat([Buffer.of(stream), piece]));
  ws.send(Buffer.concat([Buffer.of(3), Buffer.from(statusOf(ended))]));
  ws.close();
}

async function servePort(
  machine: Machine,
  { pod, query }: ReturnType<typeof streamRequest>,
  ws: WebSocket,
): Promise<void> {
  // kube-apiserver is asked for ports, the kubelet by it for a port.
  const port = Number(query.get('ports') ?? query.get('port'));
  const number = Buffer.alloc(2);
  number.writeUInt16LE(port);
  for (const stream of [0, 1]) ws.send(Buffer.concat([Buffer.of(stream), number]));
  const early: Buffer[] = [];
  const keep = (data: Buffer) => void early.push(data);
  ws.on('message', keep);
  const inside = machine.portOf(pod, port);
  const socket = inside === undefined ? undefined : await dial(inside).catch(() => undefined);
  if (!socket) {
    ws.send(Buffer.concat([Buffer.of(1), Buffer.from(refusedPort(pod, port))]));
    ws.close();
    return;
  }
  const take = (data: Buffer) => void (data[0] === 0 && socket.write(data.subarray(1)));
  ws.off('message', keep);
  for (const data of early) take(data);
  ws.on('message', take);
  ws.once('close', () => socket.destroy());
  socket.on('error', () => ws.terminate());
  socket.on('data', (data) => ws.send(Buffer.concat([Buffer.of(0), data])));
  socket.once('end', () => ws.close());
}

function* pieces(output: Buffer): Generator<Buffer> {
  for (let at = 0; at < output.length; at += 8_192) yield output.subarray(at, at + 8_192);
}
