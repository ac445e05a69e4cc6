import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Secret } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOwn } from './support/databases.ts';
import { ada, eventsOf, openDirectoryOn, openWorld, settled, type World } from './support/world.ts';

// Where a call was made and not recorded, a real end of the process is worst. crash-points.test.ts has every point of every
// saga, with a worker that stops inside this process.
const steps = ['zitadel_user', 'proof', 'memberships', 'mail', 'permissions', 'netbird'];
const points = ['run:taken', ...steps.map((step) => `${step}:called`), 'memberships:done', 'run:finished'];

interface Kind {
  readonly name: string;
  /** Makes a set-up database once, and copies of it as they are needed: setting one up takes seconds. */
  prepare(world: World): Promise<{
    copy(at: number): Promise<{ readonly location: string; readonly drop: () => Promise<void> }>;
  }>;
}

const pglite: Kind = {
  name: 'PGlite',
  async prepare(prepared) {
    const template = join(prepared.folder, 'template');
    await (await openDirectoryOn(prepared, { folder: template })).stop();
    return {
      async copy(at) {
        const location = join(prepared.folder, `copy-${at}`);
        await cp(template, location, { recursive: true });
        return { location, drop: () => rm(location, { recursive: true, force: true }) };
      },
    };
  },
};

const postgres: Kind = {
  name: 'PostgreSQL',
  async prepare(prepared) {
    const server = process.env.E2E_DATABASE_URL ?? '';
    const template = await createOwn(server);
    await (await openDirectoryOn(prepared, { url: new Secret(template.url) })).stop();
    return {
      async copy() {
        const { url, drop } = await createOwn(server, template.name);
        return { location: url, drop };
      },
    };
  },
};

const kinds = process.env.E2E_DATABASE_URL ? [pglite, postgres] : [pglite];

let world: World;
const children: ChildProcess[] = [];

beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await world.close();
});

/** The directory in a child process; resolves with its URL. */
async function startChild(
  location: string,
  point: string,
): Promise<{ readonly url: string; readonly gone: Promise<unknown> }> {
  const child = spawn(
    process.execPath,
    ['--conditions=@drawbridge/source', join(import.meta.dirname, 'crash-child.ts'), location, point],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  children.push(child);
  const gone = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { url: (JSON.parse(line) as { url: string }).url, gone };
}

describe.each(kinds)('killed on $name', ({ name, prepare }) => {
  let prepared: Awaited<ReturnType<Kind['prepare']>>;
  beforeAll(async () => {
    prepared = await prepare(world);
  });

  it.each(points.map((point, at) => [point, at] as const))(
    'at %s, the run goes on after a restart; nothing is lost, doubled or mailed twice',
    { timeout: 60_000 },
    async (point, at) => {
      const { location, drop } = await prepared.copy(at);
      const onServer = location.startsWith('postgres');
      const email = `crash-${name}-${at}@north.example`.toLowerCase();
      const child = await startChild(location, point);
      try {
        const response = await fetch(`${child.url}/api/users`, {
          method: 'POST',
          headers: { authorization: 'Bearer root', 'content-type': 'application/json' },
          body: JSON.stringify({ ...ada, email }),
        });
        await response.arrayBuffer();
      } catch (error) {
        // A crash may be quicker than the answer: the run is then found in the database.
        expect(String(error)).toMatch(/fetch failed|terminated/);
      }
      await child.gone;

      const survivor = await openDirectoryOn(
        world,
        onServer ? { url: new Secret(location) } : { folder: location },
        {
          engine: { retryBaseMs: 5, stepTimeoutMs: 30_000 },
        },
      );
      try {
        // On a server another worker could still hold the lease; the test need not wait for its end.
        if (onServer)
          await survivor.database.db
            .updateTable('provisioning_runs')
            .set({ lease_until: new Date(0) })
            .where('lease_owner', 'is not', null)
            .execute();
        await survivor.start();
        const [row] = await survivor.database.db
          .selectFrom('provisioning_runs')
          .select(['id', 'user_id'])
          .execute();
        const run = await settled(survivor, row?.id ?? '');
        expect(run.state).toBe('done');
        const userId = row?.user_id ?? '';
        expect(
          eventsOf(world, 'user.human.added').filter(({ aggregateId }) => aggregateId === userId),
        ).toHaveLength(1);
        expect(await world.zitadel.authorizations.list({ userId }).all()).toHaveLength(1);
        expect(world.emulator.mails.filter(({ to }) => to === email)).toHaveLength(1);
      } finally {
        await survivor.stop();
        await drop();
      }
    },
  );
});
