import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Directory } from '@drawbridge/directory';
import { Secret } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOwn } from './support/databases.ts';
import {
  ada,
  call,
  createdRun,
  eventsOf,
  openDirectoryOn,
  openWorld,
  settled,
  type World,
} from './support/world.ts';

const server = process.env.E2E_DATABASE_URL;

/** Stands between directory and PostgreSQL, and can cut every connection. */
class Wire {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #cut = false;

  constructor(target: URL) {
    this.#server = createServer((client) => {
      if (this.#cut) {
        client.destroy();
        return;
      }
      const upstream = connect(Number(target.port), target.hostname);
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          this.#sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
      }
      client.pipe(upstream).pipe(client);
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  cut(): void {
    this.#cut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#cut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe.skipIf(server === undefined)('the database goes away (E2E_DATABASE_URL)', () => {
  let world: World;
  let directory: Directory;
  let proxy: Wire;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld();
    const own = await createOwn(server ?? '');
    drop = own.drop;
    const url = new URL(own.url);
    proxy = new Wire(new URL(own.url));
    url.port = String(await proxy.listen());
    url.hostname = '127.0.0.1';
    directory = await openDirectoryOn(
      world,
      { url: new Secret(url.href), connectTimeoutMs: 500 },
      { engine: { retryBaseMs: 5, stepTimeoutMs: 500 } },
    );
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await proxy.close();
    await drop();
    await world.close();
  });

  it('is said to be away, nobody is let in on a guess, and all goes on when it is back', {
    timeout: 60_000,
  }, async () => {
    await settled(directory, await createdRun(directory, { ...ada, email: 'before@north.example' }));

    world.emulator.controls.latencyMs = 100;
    const during = await createdRun(directory, { ...ada, email: 'during@north.example' });
    proxy.cut();
    const refused = await call(directory, 'root', 'POST', '/api/users', {
      ...ada,
      email: 'away@north.example',
    });
    expect([refused.status, refused.body.code]).toEqual([503, 'database_unavailable']);
    const ready = await fetch(`${directory.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'not ready', checks: { database: 'failed' } },
    ]);
    expect((await fetch(`${directory.url}/livez`)).status).toBe(200);

    proxy.mend();
    world.emulator.controls.latencyMs = 0;
    // Its worker lost the database in the middle of a step; the lease runs out and the run is taken up again.
    await directory.database.db
      .updateTable('provisioning_runs')
      .set({ lease_until: new Date(0) })
      .where('lease_owner', 'is not', null)
      .execute();
    await directory.recover();
    expect((await settled(directory, during)).state).toBe('done');
    expect(world.emulator.mails.filter(({ to }) => to === 'during@north.example')).toHaveLength(1);
    const ids = await directory.database.db.selectFrom('users').select('id').execute();
    const added = eventsOf(world, 'user.human.added').filter(({ aggregateId }) =>
      ids.some(({ id }) => id === aggregateId),
    );
    expect(added).toHaveLength(2);
  });
});
