import {
  type Consumer,
  createInbox,
  identitySignIns,
  listedInstances,
  providerOfSignIn,
} from '@drawbridge/events';
import { createMetrics, DrawbridgeError, ManualClock } from '@drawbridge/kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase, type TestSchema } from '../support/databases.ts';
import { event, instance } from '../support/events.ts';
import { until } from '../support/until.ts';

const types = ['user.deactivated', 'user.reactivated'];

describe.each(databases)('effects on a wire on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => database.clear());
  afterAll(() => database.close());

  const consumerOf = (effect: Consumer<TestSchema>['effect']): Consumer<TestSchema> => ({
    name: 'outside',
    eventTypes: types,
    order: 'arrival',
    ...(effect ? { effect } : {}),
    handle: async () => undefined,
  });
  const inboxOf = async (effect: Consumer<TestSchema>['effect'], clock = new ManualClock()) => {
    const inbox = createInbox({
      database,
      instance,
      consumers: [consumerOf(effect)],
      clock,
      random: () => 0.5,
      attempts: 3,
    });
    await inbox.register();
    return { inbox, clock };
  };

  it('F7 keep events through an outage, and are done in order afterwards', async () => {
    const done: string[] = [];
    const world = { away: true, tries: 0 };
    const { inbox, clock } = await inboxOf(async ({ aggregateId, sequence }) => {
      world.tries += 1;
      if (world.away) throw new DrawbridgeError('unreachable');
      done.push(`${aggregateId}/${sequence}`);
    });
    await inbox.record([event(), event({ sequence: 2 }), event({ aggregateId: '8' })], 'webhook');
    for (let round = 0; round < 10; round += 1) {
      await expect(inbox.drain()).rejects.toMatchObject({ code: 'unreachable' });
      clock.advance(60_000);
    }
    expect(world.tries).toBe(10);
    expect(await inbox.setAside()).toEqual([]);
    world.away = false;
    expect(await inbox.drain()).toBe(3);
    expect(done.toSorted()).toEqual(['7/1', '7/2', '8/1']);
    expect(done.indexOf('7/1')).toBeLessThan(done.indexOf('7/2'));
  });

  it('run outside of transactions, so that they may read the database and others may store', async () => {
    const { inbox } = await inboxOf(async () => {
      expect(await database.read((db) => listedInstances(db))).toEqual([instance]);
      await inbox.record([event({ aggregateId: '9', type: 'user.reactivated' })], 'webhook');
    });
    await inbox.record([event()], 'webhook');
    expect(await inbox.drain()).toBe(2);
  });

  it('set an event aside that they refuse for good', async () => {
    const { inbox, clock } = await inboxOf(async () => {
      throw new DrawbridgeError('invalid_request');
    });
    await inbox.record([event()], 'webhook');
    for (let round = 0; round < 3; round += 1) {
      await inbox.drain();
      clock.advance(600_000);
    }
    expect(await inbox.setAside()).toMatchObject([{ aggregateId: '7', attempts: 3 }]);
  });

  it('are claimed: another process does not begin the same one, and takes it over after a stop', async () => {
    const held = Promise.withResolvers<void>();
    const begun: string[] = [];
    const first = await inboxOf(async () => {
      begun.push('first');
      await held.promise;
    });
    const second = await inboxOf(async () => void begun.push('second'), first.clock);
    await first.inbox.record([event()], 'webhook');
    first.inbox.start();
    await until(() => begun.length === 1, 'the first to begin');
    expect(await second.inbox.drain()).toBe(0);
    await first.inbox.stop();
    held.resolve();
    expect(await second.inbox.drain()).toBe(1);
    expect(begun).toEqual(['first', 'second']);
  });

  it('show in a metric how long the oldest event has waited', async () => {
    const metrics = await createMetrics({ process: false });
    const clock = new ManualClock();
    const world = { away: true };
    const inbox = createInbox({
      database,
      instance,
      consumers: [
        consumerOf(async () => {
          if (world.away) throw new DrawbridgeError('unreachable');
        }),
      ],
      clock,
      metrics,
    });
    await inbox.register();
    await inbox.record([event({ createdAt: new Date(clock.now() - 400_000) })], 'webhook');
    inbox.start();
    const waiting = async () =>
      Number(/drawbridge_events_waiting_seconds\{.*\} (\S+)/.exec(await metrics.text())?.[1]);
    try {
      await until(async () => (await waiting()) >= 400, 'the age');
      world.away = false;
      await until(async () => {
        clock.advance(10_000);
        return (await waiting()) === 0;
      }, 'nothing waiting');
    } finally {
      await inbox.stop();
    }
  });

  it('F9 find the newest sign-in of a user, and the provider it went through', async () => {
    const { inbox } = await inboxOf(undefined);
    const intent = (id: string, second: number, payload: Record<string, unknown>) =>
      event({
        aggregateType: 'idpintent',
        aggregateId: id,
        sequence: 2,
        type: 'idpintent.succeeded',
        createdAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
        payload,
      });
    await inbox.record([intent('new', 9, { userId: '7', idpUserId: 'g1' })], 'webhook');
    await inbox.record([intent('old', 3, { userId: '7', idpUserId: 'g1' })], 'webhook');
    await inbox.record([intent('first', 1, { idpUserId: 'g1' }), intent('b', 5, { userId: '8' })], 'webhook');
    const started = { ...intent('new', 8, { idpId: 'google-1' }), sequence: 1, type: 'idpintent.started' };
    await inbox.record([started], 'webhook');
    const ids = async (of: Parameters<typeof identitySignIns>[2]) =>
      (await database.read((db) => identitySignIns(db, instance, of))).map(({ intentId }) => intentId);
    expect(await ids({ userId: '7' })).toEqual(['new', 'old']);
    expect(await ids({ accountId: 'g1' })).toEqual(['first']);
    const provider = (id: string) => database.read((db) => providerOfSignIn(db, instance, id));
    expect(await provider('new')).toBe('google-1');
    expect(await provider('old')).toBeUndefined();
  });
});
