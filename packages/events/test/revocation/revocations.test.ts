import {
  createInbox,
  createRevocations,
  type RevocationOptions,
  type Revocations,
  type ZitadelEvent,
} from '@drawbridge/events';
import { DrawbridgeError, ManualClock } from '@drawbridge/kit';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase, type TestSchema } from '../support/databases.ts';
import { EventStore } from '../support/event-store.ts';
import { event, instance } from '../support/events.ts';
import { until } from '../support/until.ts';

const hour = 3_600_000;

describe.each(databases)('revocations on $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => database.clear());
  afterAll(() => database.close());

  const setUp = async (changes: Partial<RevocationOptions<TestSchema>> = {}) => {
    const clock = new ManualClock();
    const revocations = createRevocations({ database, instance, clock, ...changes });
    const inbox = createInbox({ database, instance, consumers: [revocations.consumer], clock });
    await inbox.register();
    const at = clock.now();
    const happen = async (...events: readonly Partial<ZitadelEvent>[]) => {
      await inbox.record(
        events.map((one) => event({ createdAt: new Date(at), ...one })),
        'webhook',
      );
      await inbox.drain();
      await revocations.poll();
    };
    return { clock, revocations, inbox, at, happen };
  };

  /** As a complete pass that began then says. */
  const caughtUp = async (at: number) => {
    await database.kysely
      .updateTable('events_instances')
      .set({ caught_up_at: new Date(at) })
      .execute();
  };

  const denies = (
    revocations: Revocations<TestSchema>,
    issuedAt: number,
    { subject = '7', session }: { readonly subject?: string; readonly session?: string } = {},
  ) => revocations.denied({ subject, session, issuedAt });

  it.each(['user.deactivated', 'user.locked', 'user.removed'])(
    '%s denies what was issued before',
    async (type) => {
      const { revocations, at, happen } = await setUp();
      await happen({ type });
      expect(denies(revocations, at - hour)).toBe(true);
      expect(denies(revocations, at)).toBe(true);
      expect(denies(revocations, at + 2_000)).toBe(false);
      expect(denies(revocations, at - hour, { subject: '8' })).toBe(false);
    },
  );

  it('a reactivation does not bring old tokens back', async () => {
    const { revocations, at, happen } = await setUp();
    await happen({ type: 'user.deactivated' }, { type: 'user.reactivated', sequence: 2 });
    expect(denies(revocations, at - hour)).toBe(true);
  });

  it('a change or an end of an authorization denies its user, named by it or by its beginning', async () => {
    const { revocations, at, happen } = await setUp();
    const grant = { aggregateType: 'usergrant', aggregateId: 'g1' };
    await happen({ ...grant, type: 'user.grant.added', payload: { userId: '7', projectId: '5' } });
    expect(denies(revocations, at - hour)).toBe(false);
    await happen({ ...grant, type: 'user.grant.deactivated', sequence: 2 });
    expect(denies(revocations, at - hour)).toBe(true);
    const other = { aggregateType: 'usergrant', aggregateId: 'g2' };
    await happen({ ...other, type: 'user.grant.removed', sequence: 9, payload: { userId: '8' } });
    expect(denies(revocations, at - hour, { subject: '8' })).toBe(true);
  });

  it('leaves authorizations and passwords alone where told so', async () => {
    const { revocations, at, happen } = await setUp({ authorizations: false });
    const grant = { aggregateType: 'usergrant', aggregateId: 'g1', payload: { userId: '7' } };
    await happen(
      { ...grant, type: 'user.grant.removed' },
      { type: 'user.human.password.changed', sequence: 2 },
    );
    expect(denies(revocations, at - hour)).toBe(false);
    expect(revocations.consumer.eventTypes).not.toContain('user.grant.removed');
    const strict = createRevocations({ database, instance, passwords: true });
    expect(strict.consumer.eventTypes).toContain('user.human.password.changed');
  });

  describe('a terminated session', () => {
    const session = { aggregateType: 'session', aggregateId: 's1' };
    const checked = {
      ...session,
      type: 'session.user.checked',
      payload: { userID: '7', userResourceOwner: '3', checkedAt: '2026-01-01T00:00:00Z' },
    };
    const openid = {
      aggregateType: 'oidc_session',
      aggregateId: 'V2_1',
      type: 'oidc_session.added',
      payload: { userID: '7', sessionID: 's1', clientID: '5' },
    };
    const terminated = { ...session, type: 'session.terminated', sequence: 5 };

    it('denies its own tokens alone, where its OpenID sessions are known in whatever order', async () => {
      const orders = fc.shuffledSubarray([checked, openid, terminated], { minLength: 3 });
      await fc.assert(
        fc.asyncProperty(orders, async (events) => {
          await database.clear();
          const { revocations, at, inbox, happen } = await setUp();
          await inbox.record([event({ ...checked, createdAt: new Date(at) })], 'webhook');
          for (const one of events) await happen(one);
          expect(denies(revocations, at - hour, { session: 'V2_1' })).toBe(true);
        }),
        { numRuns: 12 },
      );
      await database.clear();
      const { revocations, at, happen } = await setUp();
      await happen(checked, openid);
      await happen(terminated);
      expect(denies(revocations, at - hour, { session: 'V2_1' })).toBe(true);
      expect(denies(revocations, at - hour, { session: 'V2_2' })).toBe(false);
    });

    it('denies its user where they are not', async () => {
      const { revocations, at, happen } = await setUp();
      await happen(checked);
      await happen(terminated);
      expect(denies(revocations, at - hour, { session: 'V2_9' })).toBe(true);
    });

    it('has older tokens introspected while its user is not known, and newer ones not', async () => {
      const { revocations, clock, at, happen } = await setUp();
      await caughtUp(at);
      await happen(terminated);
      expect(revocations.doubtful?.({ issuedAt: at - hour })).toBe(true);
      expect(revocations.doubtful?.({ issuedAt: at + hour })).toBe(false);
      expect(denies(revocations, at - hour)).toBe(false);
      await happen({ ...checked, sequence: 2 });
      expect(revocations.doubtful?.({ issuedAt: at - hour })).toBe(false);
      expect(revocations.ageMs()).toBe(0);
      expect(denies(revocations, at - hour)).toBe(true);
      clock.advance(1_000);
      expect(revocations.ageMs()).toBe(1_000);
    });

    it('is looked up in the event store, once that answers', async () => {
      const store = new EventStore();
      store.events.push(event({ ...checked, createdAt: new Date(0) }));
      store.failure = new DrawbridgeError('unreachable');
      const { revocations, at, happen } = await setUp({ reader: store });
      await caughtUp(at);
      await happen(terminated);
      expect(revocations.doubtful?.({ issuedAt: at - hour })).toBe(true);
      store.failure = undefined;
      await revocations.poll();
      expect(revocations.doubtful?.({ issuedAt: at - hour })).toBe(false);
      expect(denies(revocations, at - hour)).toBe(true);
    });
  });

  it('an organization that ends has tokens from before it introspected, and only those', async () => {
    const { revocations, clock, at, happen } = await setUp();
    await happen({ aggregateType: 'org', aggregateId: '3', type: 'org.deactivated' });
    await caughtUp(at);
    await revocations.poll();
    const asked = () => [at - hour, at + hour].map((issuedAt) => revocations.doubtful?.({ issuedAt }));
    expect(asked()).toEqual([true, false]);
    clock.advance(12 * hour);
    await caughtUp(clock.now());
    await revocations.poll();
    expect(asked(), 'older tokens have expired').toEqual([false, false]);
  });

  it('is as fresh as the newest complete pass whose events are all applied', async () => {
    const { revocations, inbox, clock, at } = await setUp();
    await revocations.poll();
    expect(revocations.ageMs()).toBe(Number.POSITIVE_INFINITY);
    await caughtUp(at);
    await revocations.poll();
    clock.advance(4_000);
    expect(revocations.ageMs()).toBe(4_000);
    await inbox.record([event()], 'catchup');
    await caughtUp(clock.now());
    await revocations.poll();
    expect(revocations.ageMs()).toBe(4_000);
    await inbox.drain();
    await revocations.poll();
    expect(revocations.ageMs()).toBe(0);
  });

  it('is shared by replicas and outlives them', async () => {
    const first = await setUp();
    await first.happen({ type: 'user.deactivated' });
    const second = await setUp();
    expect(denies(second.revocations, first.at - hour)).toBe(false);
    second.revocations.start();
    await until(() => denies(second.revocations, first.at - hour), 'the mark of the other replica');
    await second.revocations.stop();
  });

  it('forgets marks when no token from before them can live', async () => {
    const { revocations, clock, happen, at } = await setUp({ tokenLifeMs: 2 * hour });
    await happen({ type: 'user.deactivated' });
    clock.advance(3 * hour);
    await revocations.poll();
    expect(await database.kysely.selectFrom('events_revocations').selectAll().execute()).toEqual([]);
    expect(denies(revocations, at - hour)).toBe(false);
  });
});
