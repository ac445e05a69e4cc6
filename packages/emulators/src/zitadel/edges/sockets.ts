import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2, type ServerHttp2Session } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import type { RequestListener } from './server.ts';

/** How long calls under way may take to end when the emulator stops. */
const drainMs = 1_000;
/** How a client without TLS begins HTTP/2 with prior knowledge (RFC 9113 section 3.4). */
const preface = 'PRI';

/** A socket that speaks HTTP/1.1 and HTTP/2 without TLS, as one of Zitadel's does. */
export interface TwoProtocolServer {
  readonly server: Server;
  /** Takes no more connections, lets calls under way end, closes the rest. */
  stop(): Promise<void>;
}

/**
 * Makes a server that looks at the first bytes of a connection and hands it to an HTTP/2 or an HTTP/1 server. Neither of
 * them listens itself.
 */
export function createTwoProtocolServer(listener: RequestListener): TwoProtocolServer {
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  let underWay = 0;
  let onIdle: (() => void) | undefined;
  const counted: RequestListener = (request, response) => {
    underWay++;
    response.once('close', () => {
      if (--underWay === 0) onIdle?.();
    });
    listener(request, response);
  };
  const http1 = createHttp1({ keepAliveTimeout: 60_000, requestTimeout: 30_000 }, counted);
  const http2 = createHttp2({}, (request, response) => {
    request.headers.host ??= request.headers[':authority'];
    // The compatibility layer has the methods that the edges use.
    counted(request as unknown as Parameters<RequestListener>[0], response as never);
  });
  http2.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    // A client that goes away in the middle is none of our business.
    session.on('error', () => session.destroy());
  });
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    choose(socket, (isHttp2) => (isHttp2 ? http2 : http1).emit('connection', socket));
  });
  return {
    server,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.close();
      http1.closeIdleConnections();
      if (underWay > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, drainMs);
          onIdle = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Reads until it is clear what a connection speaks, and puts back what was read. */
function choose(socket: Socket, hand: (isHttp2: boolean) => void): void {
  let seen = Buffer.alloc(0);
  const look = () => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const start = seen.toString('latin1', 0, preface.length);
    if (start.length < preface.length && preface.startsWith(start)) return;
    socket.off('readable', look);
    socket.unshift(seen);
    hand(start === preface);
  };
  socket.on('readable', look);
}
