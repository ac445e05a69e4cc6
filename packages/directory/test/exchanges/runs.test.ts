import type { Directory } from '@drawbridge/directory';
import { ManualClock } from '@drawbridge/kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { forgetExchanges } from '../../src/saga/index.ts';
import { databases } from '../support/databases.ts';
import { changed, createdUser } from '../support/lifecycle.ts';
import { ada, call, createdRun, openDirectoryOn, openWorld, settled, type World } from '../support/world.ts';

interface Step {
  readonly name: string;
  readonly attempts: number;
  readonly attemptsAllowed: number;
  readonly exchanges: readonly Readonly<Record<string, unknown>>[];
}

describe.each(databases)('what a run asked elsewhere, on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let close: () => Promise<void>;
  beforeAll(async () => {
    world = await openWorld();
    const own = await kind.location();
    close = own.close;
    directory = await openDirectoryOn(world, own.location, {
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3, patienceMs: 0 },
    });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await world.close();
    await close();
  });
  afterEach(() => world.emulator.controls.reset());

  const stepsOf = (run: unknown) => (run as { readonly steps: readonly Step[] }).steps;
  const stepOf = (run: unknown, name: string) => stepsOf(run).find((step) => step.name === name);
  const create = async (body: object = {}) =>
    await settled(directory, await createdRun(directory, { ...ada, ...body }));

  it('stands with each step: method, path, status and redacted bodies', async () => {
    const run = await create({ email: 'told@north.example' });
    expect(stepOf(run, 'zitadel_user')?.exchanges).toContainEqual({
      system: 'zitadel',
      method: 'POST',
      path: '/zitadel.user.v2.UserService/CreateUser',
      status: 200,
      ms: expect.any(Number),
      request: expect.stringContaining('"organizationId":"org-north"'),
      reply: expect.stringContaining(run.userId),
    });
    expect(stepOf(run, 'zitadel_user')).toMatchObject({ attempts: 1, attemptsAllowed: 3 });
    const kept = JSON.stringify(stepsOf(run).map(({ exchanges }) => exchanges));
    for (const word of ['told@', 'Okafor', 'eyJ', 'assertion']) expect(kept).not.toContain(word);
  });

  it('goes with the person', async () => {
    const id = await createdUser(directory, 'erased');
    await changed(directory, 'POST', `/api/users/${id}/erasure`, {
      email: 'erased@north.example',
      reason: 'asked to be forgotten',
    });
    const rows = await directory.database.db
      .selectFrom('provisioning_steps')
      .innerJoin('provisioning_runs', 'provisioning_runs.id', 'run_id')
      .select('exchanges')
      .where('user_id', '=', id)
      .where('saga', '=', 'create-user')
      .execute();
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ exchanges }) => exchanges === null)).toBe(true);
  });

  it('is kept for 30 days, and longer where a person has to decide', async () => {
    const done = await create({ email: 'old@north.example' });
    const stopped = await create({ email: 'older@north.example' });
    const { database } = directory;
    await database.db
      .updateTable('provisioning_runs')
      .set({ state: 'attention' })
      .where('id', '=', stopped.id)
      .execute();
    const keptAfter = async (days: number) => {
      await forgetExchanges(database, new ManualClock(Date.now() + days * 86_400_000));
      const rows = await database.db
        .selectFrom('provisioning_steps')
        .select('run_id')
        .where('exchanges', 'is not', null)
        .execute();
      return [done, stopped].map(({ id }) => rows.some((row) => row.run_id === id));
    };
    expect(await keptAfter(29)).toEqual([true, true]);
    expect(await keptAfter(30.5)).toEqual([false, true]);
  });

  it('tells a refusal with its words, try by try, and who decided what about the run', async () => {
    world.emulator.controls.fail({ match: 'zitadel.user.v2.UserService/CreateUser', code: 'unavailable' });
    const run = await create({ email: 'refused@north.example' });
    expect(run.state).toBe('attention');
    const { attempts, attemptsAllowed, exchanges = [] } = stepOf(run, 'zitadel_user') ?? {};
    expect([attempts, attemptsAllowed]).toEqual([3, 3]);
    expect(exchanges.at(-1)).toMatchObject({
      path: '/zitadel.user.v2.UserService/CreateUser',
      status: 503,
      reply: expect.stringContaining('unavailable'),
    });
    expect(run).toMatchObject({ decision: null });

    const resumed = await call(directory, 'root', 'POST', `/api/runs/${run.id}/resume`, { reason: 'again' });
    expect(resumed.body).toMatchObject({ decision: { decision: 'resume', by: 'root', reason: 'again' } });
    const again = await settled(directory, run.id);
    expect(stepOf(again, 'zitadel_user')).toMatchObject({ attempts: 6, attemptsAllowed: 6 });
    const given = await call(directory, 'root', 'POST', `/api/runs/${run.id}/abandon`, {
      reason: 'not wanted after all',
    });
    expect(given.body).toMatchObject({
      state: 'abandoned',
      decision: {
        decision: 'abandon',
        by: 'root',
        at: expect.any(String),
        reason: 'not wanted after all',
      },
    });
  });

  it('is what came of a connection that broke', async () => {
    const own = await kind.location();
    // One of its own: the calls before have made the other careful.
    const fresh = await openDirectoryOn(world, own.location, { engine: { attempts: 1, patienceMs: 0 } });
    await fresh.start();
    world.emulator.controls.set({ outage: true });
    const run = await settled(fresh, await createdRun(fresh, { ...ada, email: 'dropped@north.example' }));
    await fresh.stop();
    await own.close();
    expect(stepsOf(run).flatMap(({ exchanges }) => exchanges)).toContainEqual(
      expect.objectContaining({ path: '/oauth/v2/token', status: 0, request: null, reply: 'unreachable' }),
    );
  });
});
