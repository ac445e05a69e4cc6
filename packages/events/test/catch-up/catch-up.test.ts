import { createCatchUp, createInbox } from '@drawbridge/events';
import { createMetrics, DrawbridgeError, ManualClock } from '@drawbridge/kit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase } from '../support/databases.ts';
import { EventStore } from '../support/event-store.ts';
import { appliedBy, event, instance, noting } from '../support/events.ts';
import { until } from '../support/until.ts';

const types = ['user.deactivated', 'user.reactivated'];

describe.each(databases)('catch-up on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => database.clear());
  afterAll(() => database.close());

  const setUp = async (eventTypes: readonly string[] = types, pageSize = 1_000) => {
    const clock = new ManualClock();
    const metrics = await createMetrics({ process: false });
    const store = new EventStore();
    const inbox = createInbox({ database, instance, consumers: [noting('status', eventTypes)], clock });
    await inbox.register();
    const catchUp = createCatchUp({
      database,
      inbox,
      reader: store,
      clock,
      pageSize,
      metrics,
      random: () => 0.5,
    });
    return { clock, store, inbox, catchUp, metrics };
  };

  it('brings what no webhook brought, and counts it', async () => {
    const { store, inbox, catchUp, metrics } = await setUp();
    store.events.push(event(), event({ sequence: 2, type: 'user.reactivated' }));
    await inbox.record([event({ sequence: 2, type: 'user.reactivated' })], 'webhook');
    expect(await inbox.drain()).toBe(0);
    expect(await catchUp.pass()).toEqual({ recovered: 1, more: true });
    expect(await catchUp.pass()).toEqual({ recovered: 0, more: false });
    await inbox.drain();
    expect(await appliedBy(database, 'status')).toEqual(['7/1', '7/2']);
    expect(await metrics.text()).toContain(`drawbridge_events_recovered_total{instance="${instance}"} 1`);
  });

  it('confirms only what was there before the pass began', async () => {
    const { store, inbox, catchUp } = await setUp();
    store.meanwhile = async () => {
      store.meanwhile = async () => undefined;
      // Both happen after the page was read; the webhook of the first is lost.
      store.events.push(event({ sequence: 1 }), event({ sequence: 2 }));
      await inbox.record([event({ sequence: 2 })], 'webhook');
    };
    expect(await catchUp.pass()).toEqual({ recovered: 0, more: true });
    expect(await inbox.drain()).toBe(0);
    await catchUp.pass();
    await catchUp.pass();
    await inbox.drain();
    expect(await appliedBy(database, 'status')).toEqual(['7/1', '7/2']);
  });

  it('reads page by page, at most 30 types in one query, and again behind the overlap', async () => {
    const many = Array.from({ length: 65 }, (_, at) => `user.type_${at}`);
    const { store, inbox, catchUp } = await setUp(many, 10);
    for (let sequence = 1; sequence <= 45; sequence++)
      store.events.push(event({ sequence, type: `user.type_${sequence % 65}` }));
    expect(await catchUp.pass()).toMatchObject({ recovered: 45 });
    for (const query of store.queries) {
      expect(query.types.length).toBeLessThanOrEqual(30);
      expect(query.limit).toBe(10);
    }
    expect(new Set(store.queries.flatMap((query) => query.types))).toEqual(new Set(many));
    await catchUp.pass();
    expect(await inbox.drain()).toBe(45);
  });

  it('begins where the last pass ended, less the overlap', async () => {
    const { clock, store, catchUp } = await setUp();
    const since = () => store.queries.at(-1)?.since?.getTime();
    await catchUp.pass();
    expect(since()).toBe(clock.now() - 24 * 3_600_000 - 60_000);
    store.events.push(event({ createdAt: new Date(clock.now() - 1_000) }));
    await catchUp.pass();
    await catchUp.pass();
    expect(since()).toBe(clock.now() - 1_000 - 60_000);
    // Written before what was read, visible after it: within the overlap.
    store.events.push(event({ aggregateId: '8', createdAt: new Date(clock.now() - 40_000) }));
    expect(await catchUp.pass()).toMatchObject({ recovered: 1 });
  });

  it('goes on behind a millisecond with more events than a page holds', async () => {
    const { clock, store, catchUp } = await setUp(types, 5);
    const at = new Date(clock.now() - 1_000);
    for (let id = 0; id < 12; id++) store.events.push(event({ aggregateId: String(id), createdAt: at }));
    store.events.push(event({ aggregateId: 'later', createdAt: new Date(clock.now()) }));
    await catchUp.pass();
    const rows = await database.kysely.selectFrom('events_inbox').select('aggregate_id').execute();
    expect(rows.map((row) => row.aggregate_id)).toContain('later');
  });

  it('says nothing of completeness when a new type came in meanwhile', async () => {
    const { store, inbox, catchUp } = await setUp();
    await inbox.record([event()], 'webhook');
    store.meanwhile = async () => {
      store.meanwhile = async () => undefined;
      const wider = createInbox({ database, instance, consumers: [noting('other', ['user.locked'])] });
      await wider.register();
    };
    expect(await catchUp.pass()).toMatchObject({ more: true });
    expect(await inbox.drain()).toBe(0);
    await catchUp.pass();
    expect(await inbox.drain()).toBe(1);
  });

  it('keeps what it has and says so when the event store is away', async () => {
    const { store, inbox, catchUp } = await setUp();
    store.failure = new DrawbridgeError('unreachable');
    await inbox.record([event()], 'webhook');
    await expect(catchUp.pass()).rejects.toMatchObject({ code: 'unreachable' });
    expect(await inbox.drain()).toBe(0);
    store.failure = undefined;
    await catchUp.pass();
    expect(await inbox.drain()).toBe(1);
  });

  it('runs by itself: at the start, after a webhook, by the interval, and slower while it fails', async () => {
    const { clock, store, inbox, catchUp } = await setUp();
    const passes = () => store.queries.length;
    const sleeping = () => until(() => clock.sleeping > 0, 'a wait');
    catchUp.start();
    try {
      await until(() => passes() === 1, 'the first pass');
      await sleeping();
      clock.advance(250);
      await sleeping();
      await inbox.record([event()], 'webhook');
      await until(() => passes() === 2, 'the pass after a webhook');
      await sleeping();
      clock.advance(250);
      await sleeping();
      store.failure = new DrawbridgeError('unreachable');
      clock.advance(10_000);
      await until(() => passes() === 3, 'the pass of the interval');
      await sleeping();
      clock.advance(250);
      await sleeping();
      await inbox.record([event({ sequence: 2 })], 'webhook');
      expect(passes()).toBe(3);
    } finally {
      await catchUp.stop();
    }
  });
});
