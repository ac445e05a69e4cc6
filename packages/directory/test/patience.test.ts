import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser } from '../src/users/index.ts';
import { databases } from './support/databases.ts';
import { openSagaWorld, type SagaWorld } from './support/saga-world.ts';
import { SkippingClock } from './support/skipping-clock.ts';

const creations = 1_000;
const minute = 60_000;

describe.each(databases)('Zitadel away for ten minutes, on $name', (kind) => {
  const clock = new SkippingClock();
  let on: SagaWorld;
  beforeAll(async () => {
    on = await openSagaWorld(kind, { patient: true, clock });
  });
  afterAll(() => on.close());

  it('is waited for: all of a thousand creations arrive, once, without anybody being asked', {
    timeout: 300_000,
  }, async () => {
    const organizationId = on.organizations.get('north') ?? '';
    on.world.emulator.controls.outage = true;
    const runs: string[] = [];
    for (let n = 0; n < creations; n += 1) {
      const email = `away-${n}@north.example`;
      const person = { email, givenName: 'A', familyName: `${n}`, role: 'user', actor: 'test' };
      runs.push((await createUser(on.requests, { ...person, organizationId })).runId);
    }
    const states = async () => {
      const rows = await on.database.db
        .selectFrom('provisioning_runs')
        .select((column) => ['state', column.fn.countAll<string>().as('count')])
        .groupBy('state')
        .execute();
      return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
    };
    // Each minute of the ten every run is due for another try.
    const began = clock.now();
    while (clock.now() - began < 10 * minute) {
      for (const runId of runs) await on.execute(runId);
      clock.advance(minute);
    }
    expect(await states()).toEqual({ running: creations });

    on.world.emulator.controls.outage = false;
    clock.advance(minute);
    for (const runId of runs) await on.takeOver(runId);
    expect(await states()).toEqual({ waiting: creations });
    const added = [...on.world.emulator.events].filter(
      ({ type, payload }) => type === 'user.human.added' && JSON.stringify(payload).includes('away-'),
    );
    expect(new Set(added.map(({ aggregateId }) => aggregateId)).size).toBe(creations);
    expect(added).toHaveLength(creations);
    expect(on.world.emulator.mails).toHaveLength(creations);
  });
});
