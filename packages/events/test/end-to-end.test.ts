import { createRevocations } from '@drawbridge/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenZitadel, openBridge, openZitadel } from './support/bridge.ts';
import { databases, type TestDatabase, type TestSchema } from './support/databases.ts';
import { appliedBy, noting } from './support/events.ts';
import { until } from './support/until.ts';

const types = ['user.human.added', 'user.deactivated', 'user.reactivated', 'user.removed'];

describe.each(databases)('Zitadel, receiver, inbox and catch-up together on $name', ({ open }) => {
  let database: TestDatabase;
  let world: OpenZitadel;
  beforeAll(async () => {
    database = await open();
    world = await openZitadel();
  });
  afterAll(async () => {
    await world.close();
    await database.close();
  });

  it('S48 S51 applies everything once and in order, though webhooks are lost, doubled and late', async () => {
    await database.clear();
    const bridge = await openBridge(world, database, [noting('life', types)]);
    try {
      await bridge.executions.ensure();
      world.emulator.controls.set({ webhooks: { loseRate: 0.3, repeatRate: 0.3, delayRate: 0.3 } });
      bridge.start();
      const { users } = world.zitadel;
      const ids = await Promise.all([1, 2, 3, 4].map(world.addUser));
      await Promise.all(
        ids.map(async (id) => {
          await users.deactivate(id);
          await users.reactivate(id);
          await users.remove(id);
        }),
      );
      const happened = (id: string) =>
        [...world.emulator.events]
          .filter(({ aggregateId, type }) => aggregateId === id && types.includes(type))
          .map(({ sequence }) => `${id}/${sequence}`);
      const expected = ids.flatMap(happened);
      expect(expected).toHaveLength(16);
      const applied = async () =>
        (await appliedBy(database, 'life')).filter((one) => ids.some((id) => one.startsWith(`${id}/`)));
      await until(async () => (await applied()).length >= 16, 'all events');
      const all = await applied();
      expect(all.toSorted()).toEqual(expected.toSorted());
      for (const id of ids) expect(all.filter((one) => one.startsWith(`${id}/`))).toEqual(happened(id));
    } finally {
      world.emulator.controls.reset();
      await bridge.close();
    }
  });

  it('denies the tokens of a user who was deactivated, and is fresh meanwhile', async () => {
    await database.clear();
    const { id: instance } = await world.zitadel.instance.get();
    const revocations = createRevocations<TestSchema>({ database, instance, pollMs: 20 });
    const bridge = await openBridge(world, database, [revocations.consumer]);
    try {
      expect((await bridge.executions.ensure()).unknownTypes).toEqual([]);
      bridge.start();
      revocations.start();
      await until(() => revocations.ageMs() < 5_000, 'the first pass');
      const [ada, eve] = [await world.addUser(), await world.addUser()];
      const issuedAt = Math.floor(Date.now() / 1_000) * 1_000;
      const denied = (subject: string) => revocations.denied({ subject, session: undefined, issuedAt });
      expect(denied(ada)).toBe(false);
      await world.zitadel.users.deactivate(ada);
      await until(() => denied(ada), 'the mark');
      expect(denied(eve)).toBe(false);
      await until(() => revocations.ageMs() < 5_000, 'a fresh feed');
    } finally {
      await revocations.stop();
      await bridge.close();
    }
  });
});
