import { type Consumer, createInbox } from '@drawbridge/events';
import { DrawbridgeError, ManualClock } from '@drawbridge/kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase, type TestSchema } from '../support/databases.ts';
import { appliedBy, confirmAll, event, instance, noting } from '../support/events.ts';
import { until } from '../support/until.ts';

const types = ['user.deactivated', 'user.reactivated'];

describe.each(databases)('the inbox on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => database.clear());
  afterAll(() => database.close());

  const inboxOf = async (consumers: readonly Consumer<TestSchema>[], clock = new ManualClock()) => {
    const inbox = createInbox({ database, instance, consumers, clock, random: () => 0.5, attempts: 3 });
    await inbox.register();
    return { inbox, clock };
  };

  it('S48 F7 stores an event once, however often it comes', async () => {
    const { inbox } = await inboxOf([noting('status', types)]);
    expect(await inbox.record([event()], 'webhook')).toHaveLength(1);
    expect(await inbox.record([event()], 'catchup')).toHaveLength(0);
    expect(await inbox.record([event(), event({ aggregateId: '8' }), event()], 'webhook')).toHaveLength(1);
    await confirmAll(database);
    expect(await inbox.drain()).toBe(2);
    expect(await appliedBy(database, 'status')).toEqual(['7/1', '8/1']);
  });

  it('tells two aggregates with one id apart by their type', async () => {
    const { inbox } = await inboxOf([noting('status', types)]);
    await inbox.record([event(), event({ aggregateType: 'usergrant' })], 'webhook');
    await confirmAll(database);
    expect(await inbox.drain()).toBe(2);
  });

  it('gives each consumer what it wants, once', async () => {
    const { inbox } = await inboxOf([noting('a', types), noting('b', ['user.reactivated'])]);
    await inbox.record([event(), event({ sequence: 2, type: 'user.reactivated' })], 'webhook');
    await inbox.record([event({ sequence: 3, type: 'user.locked' })], 'webhook');
    await confirmAll(database);
    await inbox.drain();
    await inbox.drain();
    expect(await appliedBy(database, 'a')).toEqual(['7/1', '7/2']);
    expect(await appliedBy(database, 'b')).toEqual(['7/2']);
  });

  it('F9 waits with an event until none before it can be missing', async () => {
    const { inbox } = await inboxOf([noting('ordered', types), noting('eager', types, { order: 'arrival' })]);
    await inbox.record([event({ sequence: 5 })], 'webhook');
    await inbox.drain();
    expect(await appliedBy(database, 'ordered')).toEqual([]);
    expect(await appliedBy(database, 'eager')).toEqual(['7/5']);
    await inbox.record([event({ sequence: 4 })], 'catchup');
    await confirmAll(database);
    await inbox.drain();
    expect(await appliedBy(database, 'ordered')).toEqual(['7/4', '7/5']);
    expect(await appliedBy(database, 'eager')).toEqual(['7/5', '7/4']);
  });

  it('sets a poisonous event aside, has its aggregate wait and lets others go on', async () => {
    const poison = { on: true };
    const { inbox, clock } = await inboxOf([
      noting('status', types, {
        handle: async (given, context) => {
          if (poison.on && given.aggregateId === '7' && given.sequence === 1)
            throw new DrawbridgeError('conflict', { message: 'No such user here.' });
          await noting('status', types).handle(given, context);
        },
      }),
    ]);
    await inbox.record([event(), event({ sequence: 2 }), event({ aggregateId: '8' })], 'webhook');
    await confirmAll(database);
    for (let at = 0; at < 5; at++) {
      await inbox.drain();
      clock.advance(400_000);
    }
    expect(await appliedBy(database, 'status')).toEqual(['8/1']);
    const [aside, ...more] = await inbox.setAside();
    expect(more).toEqual([]);
    expect(aside).toMatchObject({
      consumer: 'status',
      aggregateId: '7',
      sequence: 1,
      eventType: 'user.deactivated',
      attempts: 3,
      reason: 'conflict: No such user here.',
    });
    poison.on = false;
    if (!aside) throw new Error('nothing was set aside');
    expect(await inbox.retry(aside)).toBe(true);
    expect(await inbox.retry(aside)).toBe(false);
    await inbox.drain();
    expect(await appliedBy(database, 'status')).toEqual(['8/1', '7/1', '7/2']);
  });

  it('goes on behind an event that a person discarded', async () => {
    const { inbox, clock } = await inboxOf([
      noting('status', types, {
        handle: async (given, context) => {
          if (given.sequence === 1) throw new Error('secret-in-a-foreign-text');
          await noting('status', types).handle(given, context);
        },
      }),
    ]);
    await inbox.record([event(), event({ sequence: 2 })], 'webhook');
    await confirmAll(database);
    for (let at = 0; at < 4; at++) {
      await inbox.drain();
      clock.advance(400_000);
    }
    const [aside] = await inbox.setAside();
    expect(aside?.reason).toBe('Error');
    if (aside) expect(await inbox.discard(aside)).toBe(true);
    await inbox.drain();
    expect(await appliedBy(database, 'status')).toEqual(['7/2']);
  });

  it('does not blame an event for a database that is away', async () => {
    let away = true;
    const { inbox, clock } = await inboxOf([
      noting('status', types, {
        handle: async (given, context) => {
          if (away) throw new DrawbridgeError('database_unavailable');
          await noting('status', types).handle(given, context);
        },
      }),
    ]);
    await inbox.record([event()], 'webhook');
    await confirmAll(database);
    for (let at = 0; at < 6; at++) {
      await inbox.drain();
      clock.advance(400_000);
    }
    expect(await inbox.setAside()).toEqual([]);
    away = false;
    await inbox.drain();
    expect(await appliedBy(database, 'status')).toEqual(['7/1']);
  });

  it('writes nothing of a handler that fails', async () => {
    let fail = true;
    const { inbox, clock } = await inboxOf([
      noting('status', types, {
        handle: async (given, context) => {
          await noting('status', types).handle(given, context);
          if (fail) throw new Error('after the write');
        },
      }),
    ]);
    await inbox.record([event()], 'webhook');
    await confirmAll(database);
    await inbox.drain();
    expect(await appliedBy(database, 'status')).toEqual([]);
    fail = false;
    clock.advance(10_000);
    await inbox.drain();
    expect(await appliedBy(database, 'status')).toEqual(['7/1']);
  });

  it('ends a handler that takes too long', async () => {
    const inbox = createInbox({
      database,
      instance,
      handlerMs: 20,
      attempts: 1,
      consumers: [
        noting('slow', types, {
          handle: (_event, { signal }) =>
            new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => reject(signal.reason), { once: true });
            }),
        }),
      ],
    });
    await inbox.register();
    await inbox.record([event()], 'webhook');
    await confirmAll(database);
    await inbox.drain();
    expect(await inbox.setAside()).toMatchObject([{ reason: 'TimeoutError' }]);
  });

  it('lets a handler that heeds no signal write nothing when its time is over', async () => {
    let goOn: (() => void) | undefined;
    let late: Promise<void> | undefined;
    const status = noting('status', types);
    const inbox = createInbox({
      database,
      instance,
      handlerMs: 20,
      attempts: 1,
      consumers: [
        {
          ...status,
          handle: (given, context) => {
            late = new Promise<void>((resolve) => {
              goOn = resolve;
            }).then(() => status.handle(given, context));
            return late;
          },
        },
      ],
    });
    await inbox.register();
    await inbox.record([event()], 'webhook');
    await confirmAll(database);
    await inbox.drain();
    const written = expect(late).rejects.toThrow('the time of the handler is over');
    goOn?.();
    await written;
    expect(await appliedBy(database, 'status')).toEqual([]);
  });

  it('gives a consumer that comes later what the inbox still has, and only once', async () => {
    const first = await inboxOf([noting('early', types)]);
    await first.inbox.record([event(), event({ sequence: 2 })], 'webhook');
    await confirmAll(database);
    await first.inbox.drain();
    for (let restart = 0; restart < 2; restart++) {
      const second = await inboxOf([noting('early', types), noting('late', types)]);
      await confirmAll(database);
      await second.inbox.drain();
    }
    expect(await appliedBy(database, 'early')).toEqual(['7/1', '7/2']);
    expect(await appliedBy(database, 'late')).toEqual(['7/1', '7/2']);
  });

  it('has all wait for a complete pass when someone is new', async () => {
    await inboxOf([noting('status', ['user.deactivated'])]);
    await confirmAll(database);
    const { inbox } = await inboxOf([noting('status', types)]);
    await inbox.record([event()], 'webhook');
    expect(await inbox.drain()).toBe(0);
    await confirmAll(database);
    expect(await inbox.drain()).toBe(1);
  });

  it('drops what a consumer no longer wants, and forgets one that is no more', async () => {
    const { inbox } = await inboxOf([noting('status', types), noting('gone', types)]);
    await inbox.record([event(), event({ sequence: 2, type: 'user.reactivated' })], 'webhook');
    await inboxOf([noting('status', ['user.reactivated'])]);
    await confirmAll(database);
    await inbox.forget('gone');
    await inbox.drain();
    expect(await appliedBy(database, 'status')).toEqual(['7/2']);
    expect(await appliedBy(database, 'gone')).toEqual([]);
  });

  it('removes what is old and applied by all', async () => {
    const { inbox, clock } = await inboxOf([
      noting('status', types),
      noting('idle', types, { order: 'arrival' }),
    ]);
    await inbox.record([event(), event({ aggregateId: '8', type: 'user.locked' })], 'webhook');
    expect(await inbox.prune(0)).toBe(0);
    clock.advance(25 * 3_600_000 + 1);
    expect(await inbox.prune(0)).toBe(0); // nothing is confirmed yet
    await confirmAll(database);
    expect(await inbox.prune(0)).toBe(1); // the one that nobody wants
    await inbox.drain();
    expect(await inbox.prune(0)).toBe(1);
  });

  it('applies an event once with several workers', async () => {
    const inboxes = await Promise.all([1, 2, 3].map(() => inboxOf([noting('status', types)])));
    const events = Array.from({ length: 60 }, (_, at) =>
      event({ aggregateId: String(at % 6), sequence: Math.floor(at / 6) + 1 }),
    );
    await inboxes[0]?.inbox.record(events, 'webhook');
    await confirmAll(database);
    await Promise.all(inboxes.map(({ inbox }) => inbox.drain()));
    await inboxes[0]?.inbox.drain();
    const applied = await appliedBy(database, 'status');
    expect(applied.toSorted()).toEqual(events.map((one) => `${one.aggregateId}/${one.sequence}`).toSorted());
    for (let aggregate = 0; aggregate < 6; aggregate++) {
      const order = applied.filter((one) => one.startsWith(`${aggregate}/`));
      expect(order).toEqual(order.map((_, at) => `${aggregate}/${at + 1}`));
    }
  });

  it('works by itself once started: woken by what is recorded', async () => {
    const { inbox } = await inboxOf([noting('eager', types, { order: 'arrival' })]);
    inbox.start();
    try {
      await inbox.record([event()], 'webhook');
      await until(async () => (await appliedBy(database, 'eager')).length === 1, 'the event');
    } finally {
      await inbox.stop();
    }
  });
});

const neverUsed = async (): Promise<never> => {
  throw new Error('no database is needed here');
};

describe('consumers', () => {
  it('are refused with every mistake at once', () => {
    expect(() =>
      createInbox({
        database: { kind: 'pglite', transaction: neverUsed, read: neverUsed },
        instance,
        consumers: [
          { name: 'Upper', eventTypes: [], handle: async () => undefined },
          { name: 'group', eventTypes: ['user.*'], handle: async () => undefined },
        ],
      }),
    ).toThrow(
      expect.objectContaining({ code: 'invalid_settings', problems: expect.objectContaining({ length: 3 }) }),
    );
  });
});
