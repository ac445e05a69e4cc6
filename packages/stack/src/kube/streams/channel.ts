import type { IncomingMessage } from 'node:http';
import { DrawbridgeError, translateFetchError } from '@drawbridge/kit';
import { translateAnswer } from '@drawbridge/kubernetes';
import type { RawData, WebSocket } from 'ws';
import type { Kube } from '../kube.ts';

/**
 * How the streams of one command or port are told apart on a WebSocket: the first byte of a message is the stream's number.
 * `v5` can end a single stream, without which a command that reads its input to the end would never return.
 *
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets
 */
export type ChannelProtocol = 'v5.channel.k8s.io' | 'v4.channel.k8s.io';

export interface ChannelOptions {
  /** Path of the subresource; begins with a slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly protocol: ChannelProtocol;
  /** Ends it at any time. */
  readonly signal: AbortSignal;
  readonly onMessage: (stream: number, data: Buffer) => void;
}

/** Streams between us and a container. */
export interface Channel {
  /** Resolves once the data has left; whoever sends without waiting fills the memory. @throws {DrawbridgeError} `unreachable` */
  send(stream: number, data: Buffer): Promise<void>;
  /** Says that no more comes on a stream; `v5` alone. */
  end(stream: number): Promise<void>;
  /** Stops and goes on with messages, when whoever they are for is slower than the server. */
  pause(): void;
  resume(): void;
  /** Resolves when the connection is over, with what broke it if something did. Never rejects. */
  readonly over: Promise<DrawbridgeError | undefined>;
  close(): void;
}

/** Until the server has answered. */
const handshakeMs = 10_000;
/** kube-apiserver sends at most 32 KiB in one. */
const largestMessage = 1024 * 1024;
const largestRefusal = 16 * 1024;
const closeStream = 255;
/** How long the other side may take to agree to the end. */
const goodbyeMs = 2_000;

/**
 * Opens streams to a container through kube-apiserver.
 *
 * client-node has this too, but its Exec and PortForward know neither deadline nor abort, give no reason for a refusal, let a command wait
 * for ever when the connection breaks, and read from the one side whatever the other can take.
 *
 * @throws {DrawbridgeError} `unreachable`, `timeout`, `canceled`, `untrusted_certificate`, and what kube-apiserver refuses with
 */
export async function openChannel(kube: Kube, options: ChannelOptions): Promise<Channel> {
  try {
    return await connect(kube, options, false);
  } catch (error) {
    if (!(error instanceof DrawbridgeError) || error.code !== 'kubernetes_unauthenticated') throw error;
    return await connect(kube, options, true);
  }
}

async function connect({ access }: Kube, options: ChannelOptions, refresh: boolean): Promise<Channel> {
  const { path, query, protocol, signal, onMessage } = options;
  signal.throwIfAborted();
  const { token, clientCertificate, ca, headers } = await access.credentials({ refresh });
  // Loaded at the first use: most commands open none.
  const { WebSocket } = await import('ws');
  const url = new URL(`${access.server}${path}`);
  const place = new URL(url);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.search = query.toString();
  const socket = new WebSocket(url, protocol, {
    headers: { ...headers, ...(token ? { authorization: `Bearer ${token.expose()}` } : {}) },
    handshakeTimeout: handshakeMs,
    maxPayload: largestMessage,
    perMessageDeflate: false,
    ...(access.tlsServerName === undefined ? {} : { servername: access.tlsServerName }),
    ...(ca === undefined ? {} : { ca }),
    ...(clientCertificate ? { cert: clientCertificate.cert, key: clientCertificate.key.expose() } : {}),
  });
  const opened = Promise.withResolvers<void>();
  const over = Promise.withResolvers<DrawbridgeError | undefined>();
  let broken: DrawbridgeError | undefined;
  const onAbort = () => {
    broken = translateFetchError(signal.reason, place, signal, 0);
    socket.terminate();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  socket.on('message', (data: RawData, binary) => {
    const bytes = asBuffer(data);
    const [stream] = bytes;
    // Everything here is binary; a text would be of another protocol.
    if (binary && stream !== undefined) onMessage(stream, bytes.subarray(1));
  });
  socket.on('unexpected-response', (_request, response) => {
    refusalOf(response, place).then((error) => {
      broken ??= error;
      socket.terminate();
    }, opened.reject);
  });
  socket.on('error', (error) => {
    broken ??= translateSocketError(error, place);
  });
  socket.once('open', () => opened.resolve());
  socket.once('close', () => {
    signal.removeEventListener('abort', onAbort);
    opened.reject(broken ?? new DrawbridgeError('unreachable', { where: place.pathname }));
    over.resolve(broken);
  });
  await opened.promise;
  return {
    send: (stream, data) => send(socket, stream, data, place),
    end: (stream) => send(socket, closeStream, Buffer.of(stream), place),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    over: over.promise,
    close() {
      socket.close();
      // Nobody may be there any more to agree to the end.
      setTimeout(() => socket.terminate(), goodbyeMs).unref();
    },
  };
}

function send(socket: WebSocket, stream: number, data: Buffer, place: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(Buffer.concat([Buffer.of(stream), data]), (error) => {
      if (error) reject(translateSocketError(error, place));
      else resolve();
    });
  });
}

/** What kube-apiserver says in place of opening it: a Status, as for any other request. */
async function refusalOf(response: IncomingMessage, place: URL): Promise<DrawbridgeError> {
  let body = '';
  response.setEncoding('utf8');
  try {
    for await (const piece of response) {
      body += piece;
      if (body.length > largestRefusal) break;
    }
  } catch {
    // The status alone says enough.
  }
  return translateAnswer({
    status: response.statusCode ?? 500,
    body,
    where: place.pathname,
    retryAfter: response.headers['retry-after'] ?? null,
  });
}

/** What ws itself complains of carries no system error. */
function translateSocketError(error: Error, place: URL): DrawbridgeError {
  if (/subprotocol/i.test(error.message))
    return new DrawbridgeError('invalid_response', {
      message: 'The server does not speak the protocol of streams; that needs Kubernetes 1.30 or newer.',
      where: place.pathname,
      saw: error.message,
    });
  if (/handshake has timed out/i.test(error.message))
    return new DrawbridgeError('timeout', { where: place.pathname, cause: error });
  return translateFetchError(error, place, undefined, 0);
}

function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
