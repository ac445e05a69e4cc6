import { connect, createServer, type Server, type Socket } from 'node:net';

/** A command that a container is asked to run. */
export interface Command {
  readonly pod: string;
  readonly container: string;
  readonly argv: readonly string[];
  /** All that came before the end of the input; undefined where none was asked for. */
  readonly stdin: Promise<Buffer> | undefined;
}

/** How it ended. */
export interface Ended {
  readonly exitCode?: number;
  readonly stdout?: string | Buffer;
  readonly stderr?: string;
  /** It could not be run at all. */
  readonly failure?: string;
}

/** What the pods of a test do, whatever protocol they are reached by. */
export interface Machine {
  run(command: Command): Promise<Ended>;
  /** Port of this machine that answers for a port of a pod; undefined where nobody listens there. */
  portOf(pod: string, port: number): number | undefined;
}

/** What the kubelet tells of the end of a command. */
export function statusOf({ exitCode = 0, failure }: Ended): string {
  if (failure !== undefined)
    return JSON.stringify({
      metadata: {},
      status: 'Failure',
      message: `Internal error occurred: error executing command in container: ${failure}`,
      reason: 'InternalError',
      details: { causes: [{ message: failure }] },
      code: 500,
    });
  if (exitCode === 0) return JSON.stringify({ metadata: {}, status: 'Success' });
  return JSON.stringify({
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  });
}

/** What the kubelet says where nobody listens. */
export function refusedPort(pod: string, port: number): string {
  return `error forwarding port ${port} to pod ${pod}: failed to connect to localhost:${port} inside namespace: connect: connection refused`;
}

/** Opens a connection to what answers for a pod's port. */
export function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

/** A TCP server for a pod: gives back what it gets, with its name in front. */
export async function echo(
  name: string,
): Promise<{ readonly port: number; readonly server: Server; stop(): Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => open.delete(socket));
    socket.write(`${name}:`);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    server,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
