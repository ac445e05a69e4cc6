import { type AddressInfo, createServer, type Socket } from 'node:net';
import { DrawbridgeError } from '@drawbridge/kit';
import type { Kube } from '../kube.ts';
import { carry } from './carry.ts';
import { openChannel } from './channel.ts';
import { type PodPort, podsOfService } from './target.ts';

/** Whither connections are forwarded. */
export interface PortForwardOptions {
  readonly namespace: string;
  /** Either a pod, or a service: then one of its ready pods, found anew for each connection. */
  readonly pod?: string;
  readonly service?: string;
  /** Number of the pod's or service's port; of a service also its name. */
  readonly port: number | string;
  /** Closes it. */
  readonly signal?: AbortSignal;
  /** Told of connections that fail; the others go on. */
  readonly onError?: (error: DrawbridgeError) => void;
}

/** A port on this machine's loopback address. */
export interface PortForward {
  readonly port: number;
  /** `http://127.0.0.1:{port}`. */
  readonly url: string;
  /** Ends it with all of its connections. */
  close(): Promise<void>;
}

/** A pod that is gone stays among the endpoints for a moment. */
const attempts = 4;
const againMs = 250;

/**
 * Forwards a port of this machine to a pod. Every connection has streams of its own, so that one that breaks harms no other, and goes to
 * a pod that is ready then: a pod that is replaced ends its connections, not the forwarding.
 *
 * @throws {DrawbridgeError} at the begin: `kubernetes_not_found`, `invalid_request` for a port that is not the service's, `stack_not_ready`
 *   for a service without a ready pod, and what calls throw
 * @example
 * ```ts
 * import { openKube, portForward } from '@drawbridge/stack';
 *
 * const kube = await openKube();
 * const bao = await portForward(kube, { namespace: 'openbao', service: 'openbao', port: 8200 });
 * const answer = await fetch(`${bao.url}/v1/sys/seal-status`);
 * console.log(answer.status);
 * await bao.close();
 * await kube.close();
 * ```
 */
export async function portForward(kube: Kube, options: PortForwardOptions): Promise<PortForward> {
  const ending = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal;
  signal.throwIfAborted();
  const targets = targetsOf(kube, options);
  // Whoever names what is not there is told now, not at the first connection.
  await targets(signal);
  const sockets = new Set<Socket>();
  const serve = async (socket: Socket): Promise<void> => {
    try {
      await forward(kube, options.namespace, targets, socket, signal);
    } catch (error) {
      if (!signal.aborted) options.onError?.(DrawbridgeError.from(error));
    } finally {
      socket.destroy();
    }
  };
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    // What breaks it ends the copying, and is told there.
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    void serve(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // Such as no file descriptor for another connection.
  server.on('error', (cause) => options.onError?.(new DrawbridgeError('internal', { cause })));
  const closed = new Promise<void>((resolve) => server.once('close', () => resolve()));
  const onAbort = () => void close();
  const close = () => {
    options.signal?.removeEventListener('abort', onAbort);
    ending.abort();
    server.close();
    for (const socket of sockets) socket.destroy();
    return closed;
  };
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) {
    await close();
    throw DrawbridgeError.from(signal.reason);
  }
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}`, close };
}

type Targets = (signal: AbortSignal) => Promise<readonly PodPort[]>;

function targetsOf(kube: Kube, { namespace, pod, service, port }: PortForwardOptions): Targets {
  if (service !== undefined && pod === undefined)
    return (signal) => podsOfService(kube, { namespace, service, port }, signal);
  if (pod === undefined || service !== undefined || typeof port !== 'number')
    throw new DrawbridgeError('invalid_request', {
      message: 'A port is forwarded to a number of a pod, or to a port of a service.',
    });
  return async () => [{ pod, port }];
}

/** Opens streams to a pod and copies until either side ends. */
async function forward(
  kube: Kube,
  namespace: string,
  targets: Targets,
  socket: Socket,
  signal: AbortSignal,
): Promise<void> {
  const gone = new Set<string>();
  for (let attempt = 1; ; attempt += 1) {
    const all = await targets(signal);
    const target = all.find((one) => !gone.has(one.pod)) ?? all[0];
    if (!target) throw new DrawbridgeError('stack_not_ready');
    const { pod, port } = target;
    try {
      await carry(socket, port, (onMessage) =>
        openChannel(kube, {
          path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward`,
          query: new URLSearchParams({ ports: String(port) }),
          protocol: 'v4.channel.k8s.io',
          signal,
          onMessage,
        }),
      );
      return;
    } catch (error) {
      // Nothing was sent yet where it could not even be opened.
      if (attempt >= attempts || !isGone(error)) throw error;
      gone.add(pod);
      await kube.clock.sleep(againMs, signal);
    }
  }
}

function isGone(error: unknown): boolean {
  return (
    error instanceof DrawbridgeError &&
    (error.code === 'kubernetes_not_found' ||
      error.code === 'kubernetes_failed' ||
      error.code === 'kubernetes_invalid')
  );
}
