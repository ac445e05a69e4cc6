import { createCatchUp, createEventReader, createInbox } from '@drawbridge/events';
import { isTransient, silentLogger } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Schema } from '../src/database/index.ts';
import type { JobData } from '../src/jobs/index.ts';
import { Settings } from '../src/settings/index.ts';
import { StatusEvents, statusConsumer } from '../src/status/index.ts';
import { createUser } from '../src/users/index.ts';
import { databases } from './support/databases.ts';
import { openSagaWorld, type SagaWorld } from './support/saga-world.ts';
import { SkippingClock } from './support/skipping-clock.ts';
import { addPeople, named } from './support/sweeps.ts';

const creations = 1_000;
const events = 1_000;
const minute = 60_000;

describe.each(databases)('Zitadel out of reach for ten minutes, on $name', (kind) => {
  const clock = new SkippingClock();
  let on: SagaWorld;
  beforeAll(async () => {
    on = await openSagaWorld(kind, { patient: true, clock });
  });
  afterAll(() => on.close());

  it('is waited for: a thousand creations and a thousand events arrive, each once, without anybody being asked', {
    timeout: 300_000,
  }, async () => {
    const { database, world } = on;
    const status = await followStatus(on, clock);
    const people = await addPeople(world, on, 'south', named('there', events));
    await status.catchUp();

    on.way.cut(true);
    const runs = await requestCreations(on);
    // Zitadel itself is well, and much happens there meanwhile. Nobody's webhook gets through.
    for (const { zitadelUserId } of people) await world.zitadel.users.lock(zitadelUserId);
    // Each minute of the ten every run is due for another try, and events are asked for.
    const began = clock.now();
    while (clock.now() - began < 10 * minute) {
      for (const runId of runs) await on.execute(runId);
      await expect(status.catchUp()).rejects.toSatisfy(isTransient);
      clock.advance(minute);
    }
    expect(await statesOfRuns(on)).toEqual({ running: creations });
    expect(status.seen()).toEqual([]);

    on.way.cut(false);
    clock.advance(minute);
    // Calls are paused after so many failures, in real time: until one is let through again.
    await vi.waitFor(status.reach, { timeout: 20_000, interval: 100 });
    for (const runId of runs) await on.takeOver(runId);
    await status.catchUp();
    expect(await statesOfRuns(on)).toEqual({ waiting: creations });
    const added = [...world.emulator.events].filter(
      ({ type, payload }) => type === 'user.human.added' && JSON.stringify(payload).includes('away-'),
    );
    expect(new Set(added.map(({ aggregateId }) => aggregateId)).size).toBe(creations);
    expect(added).toHaveLength(creations);
    expect(world.emulator.mails).toHaveLength(creations);

    expect(status.seen()).toHaveLength(events);
    expect(new Set(status.seen()).size).toBe(events);
    const locked = await database.db
      .selectFrom('users')
      .select('id')
      .where('zitadel_state', '=', 'locked')
      .execute();
    expect(new Set(locked.map(({ id }) => id))).toEqual(new Set(people.map(({ id }) => id)));
  });
});

async function requestCreations(on: SagaWorld): Promise<readonly string[]> {
  const organizationId = on.organizations.get('north') ?? '';
  const runs: string[] = [];
  for (let n = 0; n < creations; n += 1) {
    const email = `away-${n}@north.example`;
    const person = { email, givenName: 'A', familyName: `${n}`, role: 'user', actor: 'test' };
    runs.push((await createUser(on.requests, { ...person, organizationId })).runId);
  }
  return runs;
}

async function statesOfRuns({ database }: SagaWorld): Promise<Readonly<Record<string, number>>> {
  const rows = await database.db
    .selectFrom('provisioning_runs')
    .select((column) => ['state', column.fn.countAll<string>().as('count')])
    .groupBy('state')
    .execute();
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
}

/** What a directory does that listens without webhooks, each pass when it is asked for. */
async function followStatus(on: SagaWorld, clock: SkippingClock) {
  const { database, integrations, integrationId, sagas } = on;
  const waiting: JobData['status'][] = [];
  const seen: string[] = [];
  const jobs = {
    send: async (_trx: unknown, queue: keyof JobData, data: JobData[keyof JobData]) => {
      if (queue === 'status') waiting.push(data as JobData['status']);
    },
  };
  const settings = new Settings({ database, clock, env: {} });
  const shared = { database, jobs, settings, clock, logger: silentLogger };
  const worker = new StatusEvents({ ...on.requests, ...shared, sagas, integrations });
  const integration = await integrations.primary();
  const zitadel = await integrations.client(integration);
  const { id: instance } = await zitadel.instance.get();
  const consumers = [statusConsumer(integrationId, jobs)];
  const inbox = createInbox<Schema>({ ...shared, instance, consumers });
  await inbox.register();
  const reader = createEventReader(zitadel.events, instance);
  const catchUp = createCatchUp({ ...shared, inbox, reader });
  return {
    /** Reads what has happened since, and looks at everybody it was about. */
    async catchUp() {
      for (let more = true; more; ) ({ more } = await catchUp.pass());
      await inbox.drain();
      for (const job of waiting.splice(0)) {
        await worker.work(job);
        seen.push(job.event);
      }
    },
    seen: () => seen,
    reach: async () => void (await zitadel.instance.get()),
  };
}
