import type { Database } from '@drawbridge/directory';
import { ManualClock, silentLogger } from '@drawbridge/kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Settings } from '../../src/settings/index.ts';
import { forgetSweeps, Sweeper, type SyncParts } from '../../src/status/index.ts';
import { databases } from '../support/databases.ts';

const minute = 60_000;

describe.each(databases)('the look of every minute on $name', (kind) => {
  let database: Database;
  let close: () => Promise<void>;
  let clock: ManualClock;
  let sweeper: Sweeper;
  let sent: unknown[];

  beforeAll(async () => {
    ({ database, close } = await kind.open());
  });
  afterAll(() => close());
  beforeEach(async () => {
    await database.db.deleteFrom('sweeps').execute();
    await database.db.deleteFrom('system_integrations').execute();
    clock = new ManualClock();
    sent = [];
    const jobs = {
      send: async (_trx: unknown, _queue: string, data: unknown) => {
        sent.push(data);
      },
    };
    const settings = new Settings({ database, clock, cacheMs: 0 });
    const parts = { database, jobs, settings, clock, logger: silentLogger };
    sweeper = new Sweeper(parts as unknown as SyncParts);
    const at = new Date(clock.now());
    await database.db
      .insertInto('system_integrations')
      .values({
        id: 'i',
        type: 'zitadel',
        name: 'main',
        domain: 'x',
        issuer: 'https://x',
        created_at: at,
        updated_at: at,
      })
      .execute();
  });

  const sweeps = () =>
    database.db.selectFrom('sweeps').select(['id', 'state', 'cause', 'reason_code']).orderBy('id').execute();
  const finish = (id: string) =>
    database.db
      .updateTable('sweeps')
      .set({ state: 'done', lease_until: null })
      .where('id', '=', id)
      .execute();

  it('begins a sweep when the interval has passed, and not before', async () => {
    await sweeper.tick();
    clock.advance(29 * minute);
    await sweeper.tick();
    expect(await sweeps()).toEqual([]);
    clock.advance(minute);
    await sweeper.tick();
    const [first] = await sweeps();
    expect(first).toMatchObject({ state: 'running', cause: 'timer' });
    expect(sent).toEqual([{ sweepId: first?.id }]);
    await finish(first?.id ?? '');
    clock.advance(29 * minute);
    await sweeper.tick();
    expect(await sweeps()).toHaveLength(1);
    clock.advance(minute);
    await sweeper.tick();
    expect(await sweeps()).toHaveLength(2);
  });

  it('a sweep of one organization, or one that events asked for, does not put the next one off', async () => {
    clock.advance(20 * minute);
    const id = await sweeper.request({ cause: 'event', requestedBy: 'drawbridge' });
    await finish(id);
    clock.advance(10 * minute);
    await sweeper.tick();
    expect(await sweeps()).toMatchObject([{ cause: 'event' }, { cause: 'timer' }]);
  });

  it('fails a sweep whose worker is gone, and sends one again whose job is', async () => {
    const lost = await sweeper.request({ cause: 'timer', requestedBy: 'drawbridge' });
    sent.length = 0;
    await sweeper.tick();
    expect(sent).toEqual([]);
    clock.advance(2 * minute);
    await sweeper.tick();
    expect(sent).toEqual([{ sweepId: lost }]);
    await database.db
      .updateTable('sweeps')
      .set({ lease_until: new Date(clock.now() + minute) })
      .execute();
    await sweeper.tick();
    expect(await sweeps()).toMatchObject([{ state: 'running' }]);
    clock.advance(minute);
    await sweeper.tick();
    expect(await sweeps()).toMatchObject([{ state: 'failed', reason_code: 'sweep_interrupted' }]);
  });

  it('knows when it is alone: what runs then has no worker any more', async () => {
    await sweeper.request({ cause: 'timer', requestedBy: 'drawbridge' });
    clock.advance(31 * minute);
    await sweeper.tick({ alone: true, cause: 'start' });
    expect(await sweeps()).toMatchObject([
      { state: 'failed', reason_code: 'sweep_interrupted' },
      { state: 'running', cause: 'start' },
    ]);
  });

  it('sweeps that are long over are forgotten: empty ones first, and never one that waits', async () => {
    const put = async (days: number, state: 'done' | 'braked', items: boolean) => {
      const id = await sweeper.request({ cause: 'timer', requestedBy: 'drawbridge' });
      const finished_at = new Date(clock.now() - days * 24 * 60 * minute);
      await database.db.updateTable('sweeps').set({ state, finished_at }).where('id', '=', id).execute();
      const item = { user_id: 'u', organization_id: 'o', kind: 'activate', state: 'applied' } as const;
      if (items)
        await database.db
          .insertInto('sweep_items')
          .values({ ...item, sweep_id: id, was: 'inactive', says: 'active', detail: null })
          .execute();
      return id;
    };
    const kept = [await put(6, 'done', false), await put(89, 'done', true), await put(400, 'braked', true)];
    await put(8, 'done', false);
    await put(91, 'done', true);
    await forgetSweeps(database, clock);
    expect((await sweeps()).map(({ id }) => id)).toEqual(kept.toSorted());
  });
});
