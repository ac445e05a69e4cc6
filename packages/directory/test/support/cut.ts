import { connect, createServer, type Socket } from 'node:net';

/** A way to a server on this machine that can be cut, as a network is, while the server itself goes on. */
export interface Cut {
  /** `host:port` to dial instead of the server. */
  readonly address: string;
  /** Whether connections are closed as they come, and those there were are closed. */
  cut(isCut: boolean): void;
  close(): Promise<void>;
}

export async function openCut(server: string): Promise<Cut> {
  const { hostname, port } = new URL(server);
  const open = new Set<Socket>();
  let isCut = false;
  const listener = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const bound = listener.address();
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    address: `127.0.0.1:${bound.port}`,
    cut(wanted) {
      isCut = wanted;
      if (isCut) breakAll();
    },
    async close() {
      breakAll();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}
