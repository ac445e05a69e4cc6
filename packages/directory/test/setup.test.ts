import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameFirstAdministrator, openDatabase } from '@drawbridge/directory';
import { Secret } from '@drawbridge/kit';
import { afterEach, describe, expect, it } from 'vitest';
import { databases } from './support/databases.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe.each(databases)('on $name', ({ open }) => {
  it('the first administrator is named once, whoever tries at the same time, and audited', async () => {
    const { database, close } = await open();
    cleanups.push(close);
    const tries = await Promise.allSettled(
      ['ada', 'eve'].map((subject) => nameFirstAdministrator(database, subject)),
    );
    expect(tries.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const refused = tries.find((one) => one.status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'already_set_up' } });
    const named = await database.db.selectFrom('site_administrators').select('subject').execute();
    const audited = await database.db.selectFrom('audit').select(['action', 'object_id']).execute();
    expect(audited).toEqual([{ action: 'site_administrator.add', object_id: named[0]?.subject }]);
  });

  it('a second migration changes nothing', async () => {
    const { database, close } = await open();
    cleanups.push(close);
    await database.migrate();
    expect((await database.db.selectFrom('roles').select('key').execute()).length).toBe(3);
  });
});

describe('a database that is not there', () => {
  it('is said to be unavailable when nothing listens', async () => {
    const database = await openDatabase({ url: new Secret('postgres://nobody@127.0.0.1:1/none') });
    cleanups.push(() => database.close());
    await expect(database.migrate()).rejects.toMatchObject({ code: 'database_unavailable' });
  });

  it('is said to be unavailable when it does not answer, without hanging', async () => {
    const silent = createServer((socket) => cleanups.push(async () => socket.destroy()));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => new Promise((resolve) => silent.close(resolve)));
    const address = silent.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const database = await openDatabase({
      url: new Secret(`postgres://nobody:hunter2@127.0.0.1:${port}/none`),
      connectTimeoutMs: 200,
    });
    cleanups.push(() => database.close());
    const error = await database.ping().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'database_unavailable' });
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  });
});

it('a second opener of a data folder is refused, and the folder is free after the first', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-lock-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const first = await openDatabase({ folder });
  await expect(openDatabase({ folder })).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining(String(process.pid)),
  });
  await first.close();
  const second = await openDatabase({ folder });
  await second.close();
});
