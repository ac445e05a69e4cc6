import { createCatchUp, createInbox, type ZitadelEvent } from '@drawbridge/events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase } from '../support/databases.ts';
import { EventStore } from '../support/event-store.ts';
import { appliedBy, event, instance, noting } from '../support/events.ts';

const types = ['user.deactivated', 'user.reactivated', 'user.locked'];

/** What may happen next: Zitadel writes an event, a webhook arrives (perhaps again), a pass runs, a worker works. */
type Move =
  | { readonly kind: 'write'; readonly aggregate: number; readonly type: number; readonly sameTime: boolean }
  | { readonly kind: 'webhook'; readonly pick: number }
  | { readonly kind: 'pass' | 'drain' };

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      aggregate: fc.nat(3),
      type: fc.nat(2),
      sameTime: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('webhook' as const), pick: fc.nat(1_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('pass' as const, 'drain' as const) }) },
);

describe.each(databases)('webhooks and catch-up together on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  it('S48 F9 each consumer applies each event once, in the order of its aggregate, whatever is lost or shuffled', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 60 }), async (moves) => {
        await database.clear();
        const store = new EventStore();
        const consumers = [noting('all', types), noting('some', types.slice(0, 2))];
        const inbox = createInbox({ database, instance, consumers });
        await inbox.register();
        const catchUp = createCatchUp({ database, inbox, reader: store, pageSize: 5 });
        let now = Date.now() - 60_000;
        const write = (aggregate: number, type: number, sameTime: boolean) => {
          if (!sameTime) now += 500;
          const aggregateId = String(aggregate);
          const earlier = store.events.filter((one) => one.aggregateId === aggregateId);
          // As in Zitadel: sequences grow, but what is between is of types that nobody wants.
          const sequence = (earlier.at(-1)?.sequence ?? 0) + 1 + type;
          const atOnce = store.events.filter((one) => one.createdAt.getTime() === now).length;
          if (atOnce >= 3) now += 1;
          store.events.push(
            event({ aggregateId, sequence, type: types[type] ?? '', createdAt: new Date(now) }),
          );
        };
        for (const next of moves) {
          if (next.kind === 'write') write(next.aggregate, next.type, next.sameTime);
          else if (next.kind === 'webhook') {
            const arriving = store.events[next.pick % Math.max(store.events.length, 1)];
            if (arriving) await inbox.record([arriving], 'webhook');
          } else if (next.kind === 'pass') await catchUp.pass();
          else await inbox.drain();
          await expectOrder(database, store.events);
        }
        while ((await catchUp.pass()).more);
        await inbox.drain();
        for (const { name, eventTypes } of consumers) {
          const wanted = store.events.filter(({ type }) => eventTypes.includes(type)).map(nameOf);
          expect((await appliedBy(database, name)).toSorted()).toEqual(wanted.toSorted());
        }
        await expectOrder(database, store.events);
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});

const nameOf = ({ aggregateId, sequence }: ZitadelEvent): string => `${aggregateId}/${sequence}`;

/** What was applied of an aggregate is always a beginning of what happened to it. */
async function expectOrder(database: TestDatabase, events: readonly ZitadelEvent[]): Promise<void> {
  const applied = await appliedBy(database, 'all');
  for (const aggregate of new Set(applied.map((one) => one.split('/')[0]))) {
    const own = applied.filter((one) => one.startsWith(`${aggregate}/`));
    const happened = events.filter(({ aggregateId }) => aggregateId === aggregate).map(nameOf);
    expect(own).toEqual(happened.slice(0, own.length));
  }
}
