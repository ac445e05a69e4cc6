import { addOrganization, openDirectory, putMember } from '@drawbridge/directory';
import { ManualClock, silentLogger, systemClock } from '@drawbridge/kit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ChangeFeed, formatPosition, isAfter, parsePosition } from '../../src/live/index.ts';
import { databases } from '../support/databases.ts';
import { fillWithMany } from '../support/many.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';
import { namesAsTokens } from '../support/world.ts';

describe.each(databases)('live changes on $name', (kind) => {
  let world: WebWorld;
  let integration: string;
  beforeAll(async () => {
    world = await openWebWorld(kind, {
      authenticator: namesAsTokens,
      limits: { signIn: { perSecond: 1_000, burst: 1_000 } },
    });
    const { id } = await world.directory.database.db
      .selectFrom('system_integrations')
      .select('id')
      .executeTakeFirstOrThrow();
    integration = id;
  });
  afterAll(() => world.close());

  interface Told {
    readonly event: string;
    readonly data: Readonly<Record<string, unknown>>;
    readonly id: string | undefined;
  }

  /** Follows the stream as a subject. */
  async function follow(subject: string, query = '', headers: Record<string, string> = {}) {
    const stop = new AbortController();
    const response = await fetch(`${world.directory.url}/api/events${query}`, {
      headers: { authorization: `Bearer ${subject}`, ...headers },
      signal: stop.signal,
    });
    const told: Told[] = [];
    const raw: string[] = [];
    let lastId: string | undefined;
    let wake: () => void = () => {};
    const ended = (async () => {
      const decoder = new TextDecoder();
      let text = '';
      for await (const piece of response.body ?? []) {
        text += decoder.decode(piece, { stream: true });
        for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
          const block = text.slice(0, at);
          text = text.slice(at + 2);
          raw.push(block);
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
          lastId = field('id') ?? lastId;
          const event = field('event');
          if (event !== undefined)
            told.push({ event, data: JSON.parse(field('data') ?? 'null') as Told['data'], id: field('id') });
        }
        wake();
      }
    })().catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    const until = async <T>(look: () => T | undefined): Promise<T> => {
      for (;;) {
        const found = look();
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    };
    return {
      response,
      told,
      raw,
      lastId: () => lastId,
      /** Waits for an event of an object. */
      event: (id: string) => until(() => told.find(({ data }) => data.id === id)),
      opened: () => until(() => lastId),
      until,
      ended,
      close: async () => {
        stop.abort();
        await ended;
      },
    };
  }

  let made = 0;
  /** A run in an organization; gives its id. */
  const change = (slug: string) => changeIn(world.organizations[slug] ?? '');
  async function changeIn(organizationId: string): Promise<string> {
    made += 1;
    const id = `run-${made}`;
    const at = new Date();
    await world.directory.database.db
      .insertInto('provisioning_runs')
      .values({
        id,
        saga: 'create-user',
        organization_id: organizationId,
        state: 'done',
        input: '{}',
        requested_by: 'x',
        created_at: at,
        updated_at: at,
      })
      .execute();
    return id;
  }

  describe('the live stream', () => {
    it('tells what changes, as it happens, to whoever may read it and nobody else', async () => {
      const ada = await follow('ada');
      const sam = await follow('sam');
      const root = await follow('root');
      const only = await follow('root', '?organization=south');
      const uma = await follow('uma');
      await Promise.all([ada, sam, root, only, uma].map((one) => one.opened()));
      const north = await change('north');
      const south = await change('south');
      expect(await ada.event(north)).toEqual({
        event: 'run',
        data: { id: north, organizationId: world.organizations.north },
        id: expect.stringMatching(/^\d+-\d+$/),
      });
      await sam.event(south);
      await root.event(north);
      await root.event(south);
      await only.event(south);
      // What each was told until the last of both changes is all there is.
      expect(ada.told.map(({ data }) => data.id)).not.toContain(south);
      expect(sam.told.map(({ data }) => data.id)).not.toContain(north);
      expect(only.told.map(({ data }) => data.id)).not.toContain(north);
      expect(uma.told).toEqual([]);
      for (const one of [ada, sam, root, only, uma]) await one.close();
    });

    it('tells what changes of a user in every organization they belong to, and nowhere else', async () => {
      const { database } = world.directory;
      const { north = '', south = '' } = world.organizations;
      const at = new Date();
      const foreign = await database.transaction((trx) =>
        addOrganization(trx, {
          slug: 'west',
          name: 'west',
          integrationId: integration,
          zitadelOrgId: 'org-west',
          actor: 'test',
          at,
        }),
      );
      const member = (organizationId: string, id: string) => ({
        organizationId,
        integrationId: integration,
        zitadelUserId: id,
        email: `${id}@west.example`,
        givenName: id,
        familyName: 'Test',
        role: 'admin' as const,
        actor: 'test',
        at,
      });
      await database.transaction((trx) => putMember(trx, member(foreign, 'wes')));
      const { id: uma } = await database.db
        .selectFrom('users')
        .select('id')
        .where('zitadel_user_id', '=', 'uma')
        .executeTakeFirstOrThrow();
      const [ada, sam, wes, root] = await Promise.all(
        ['ada', 'sam', 'wes', 'root'].map((one) => follow(one)),
      );
      if (!ada || !sam || !wes || !root) throw new Error('four were asked for');
      const all = [ada, sam, wes, root];
      await Promise.all(all.map((one) => one.opened()));
      const forget = () => {
        for (const { told } of all) told.length = 0;
      };
      /** Changes until then have been told to everybody who is to be told. */
      const settled = async () => {
        for (const [slug, one] of [
          ['north', ada],
          ['south', sam],
        ] as const)
          await one.event(await change(slug));
        const marker = await changeIn(foreign);
        await wes.event(marker);
        await root.event(marker);
      };
      const toldOf = (one: (typeof all)[number]) =>
        one.told.filter(({ event }) => event === 'user').map(({ data }) => data);
      const inNorth = { id: uma, organizationId: north };
      const inSouth = { id: uma, organizationId: south };

      await database.db
        .insertInto('memberships')
        .values({
          user_id: uma,
          organization_id: south,
          role_key: 'user',
          home: false,
          zitadel_authorization_id: null,
          created_at: at,
        })
        .execute();
      await settled();
      expect(all.map(toldOf)).toEqual([[], [inSouth], [], [inSouth]]);

      forget();
      await database.db.updateTable('users').set({ given_name: 'Una' }).where('id', '=', uma).execute();
      await settled();
      expect(all.slice(0, 3).map(toldOf)).toEqual([[inNorth], [inSouth], []]);
      expect(toldOf(root)).toHaveLength(2);
      expect(toldOf(root)).toEqual(expect.arrayContaining([inNorth, inSouth]));

      // Who leaves is told of once more where they were, and then no longer.
      forget();
      await database.db
        .deleteFrom('memberships')
        .where('user_id', '=', uma)
        .where('organization_id', '=', south)
        .execute();
      await settled();
      expect(all.map(toldOf)).toEqual([[], [inSouth], [], [inSouth]]);
      forget();
      await database.db.updateTable('users').set({ given_name: 'uma' }).where('id', '=', uma).execute();
      await settled();
      expect(all.map(toldOf)).toEqual([[inNorth], [], [], [inNorth]]);
      for (const one of all) await one.close();
    });

    it('has the headers of an event stream that no proxy keeps back', async () => {
      const ada = await follow('ada');
      await ada.opened();
      expect(ada.response.status).toBe(200);
      expect(ada.response.headers.get('content-type')).toContain('text/event-stream');
      expect(ada.response.headers.get('x-accel-buffering')).toBe('no');
      expect(ada.response.headers.get('cache-control')).toBe('no-store');
      expect(ada.raw[0]).toBe('retry: 2000');
      await ada.close();
    });

    it('goes on where a former one ended: nothing is missed, nothing told of others', async () => {
      const first = await follow('ada');
      await first.opened();
      const seen = await change('north');
      await first.event(seen);
      await first.close();
      const missed = [await change('north'), await change('south'), await change('north')];
      const again = await follow('ada', '', { 'last-event-id': first.lastId() ?? '' });
      const later = await change('north');
      await again.event(later);
      expect(again.told.map(({ data }) => data.id)).toEqual([missed[0], missed[2], later]);
      await again.close();
    });

    it.each(['1-1', 'nonsense', '99999999999999999999-1'])(
      'says reset where what was missed is not known: %s',
      async (lastId) => {
        const ada = await follow('ada', '', { 'last-event-id': lastId });
        const reset = await ada.until(() => ada.told.find(({ event }) => event === 'reset'));
        expect(reset).toMatchObject({ event: 'reset' });
        await ada.opened();
        await ada.close();
      },
    );

    it('is refused to strangers, for foreign organizations, and beyond 20 for one caller', async () => {
      expect((await follow('bad')).response.status).toBe(401);
      expect((await follow('ada', '?organization=south')).response.status).toBe(404);
      expect((await follow('ada', '?organization=none')).response.status).toBe(404);
      const open = await Promise.all(Array.from({ length: 20 }, () => follow('sam')));
      expect((await follow('sam')).response.status).toBe(429);
      for (const one of open) await one.close();
      const again = await follow('sam');
      expect(again.response.status).toBe(200);
      await again.close();
    });

    it('ends when the server stops', async () => {
      const own = await kind.location();
      const directory = await openDirectory({
        database: own.location,
        port: 0,
        authenticator: namesAsTokens,
      });
      await directory.start();
      const response = await fetch(`${directory.url}/api/events`, { headers: { authorization: 'Bearer x' } });
      const text = response.text();
      await directory.stop();
      await own.close();
      expect(await text).toContain('retry: 2000');
    });
  });

  it('the stream of a session that has ended is over within 30 seconds', async () => {
    const clock = new ManualClock(Date.now());
    const accepted = new Set(['ada']);
    const own = await kind.location();
    const directory = await openDirectory({
      database: own.location,
      port: 0,
      clock,
      authenticator: { subjectOf: async (token) => (accepted.has(token) ? token : undefined) },
    });
    await directory.start();
    try {
      const response = await fetch(`${directory.url}/api/events`, {
        headers: { authorization: 'Bearer ada' },
      });
      let over = false;
      const text = response.text().finally(() => {
        over = true;
      });
      accepted.clear();
      while (!over) {
        clock.advance(5_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(await text).toContain(': still here');
    } finally {
      await directory.stop();
      await own.close();
    }
  });
});

describe.each(databases)('the feed on $name', (kind) => {
  it('tells in the order of commits and misses nothing of a transaction that began first and ended last', async () => {
    const { database, close } = await kind.open();
    const told: string[] = [];
    const feed = new ChangeFeed({ database, clock: systemClock, logger: silentLogger, pollMs: 5 });
    const listener = {
      changed: (changes: readonly { objectId: string }[]) => told.push(...changes.map((one) => one.objectId)),
      reset: () => told.push('reset'),
    };
    const subscription = await feed.subscribe(listener);
    const note = (id: string) => ({ organization_id: null, kind: 'user' as const, object_id: id });
    try {
      if (database.kind === 'postgres') {
        const slow = Promise.withResolvers<void>();
        const began = Promise.withResolvers<void>();
        const long = database.transaction(async (trx) => {
          await trx.insertInto('changes').values(note('slow')).execute();
          began.resolve();
          await slow.promise;
        });
        await began.promise;
        await database.db.insertInto('changes').values(note('quick')).execute();
        slow.resolve();
        await long;
      } else {
        await database.db.insertInto('changes').values(note('slow')).execute();
        await database.db.insertInto('changes').values(note('quick')).execute();
      }
      while (told.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(told).toEqual(['slow', 'quick']);
    } finally {
      subscription.close();
      expect(feed.size).toBe(0);
      await close();
    }
  });

  it('hears of a user in the home and in every other organization, and of who is erased', async () => {
    const { database, close } = await kind.open();
    try {
      await fillWithMany(database, { users: 1, tenants: 2 });
      const user = await database.db
        .selectFrom('users')
        .select(['id', 'organization_id'])
        .executeTakeFirstOrThrow();
      const { id: other } = await database.db
        .selectFrom('organizations')
        .select('id')
        .where('id', '!=', user.organization_id)
        .executeTakeFirstOrThrow();
      const told = async (work: () => Promise<unknown>) => {
        await database.db.deleteFrom('changes').execute();
        await work();
        const rows = await database.db.selectFrom('changes').select('organization_id').distinct().execute();
        return rows.map(({ organization_id }) => organization_id).toSorted();
      };
      const membership = {
        user_id: user.id,
        organization_id: other,
        role_key: 'user',
        home: false,
        zitadel_authorization_id: null,
        created_at: new Date(),
      };
      const both = [user.organization_id, other].toSorted();
      expect(await told(() => database.db.insertInto('memberships').values(membership).execute())).toEqual([
        other,
      ]);
      expect(await told(() => database.db.updateTable('users').set({ active: false }).execute())).toEqual(
        both,
      );
      // That they were seen again is no news.
      expect(
        await told(() => database.db.updateTable('users').set({ zitadel_seen_at: new Date() }).execute()),
      ).toEqual([]);
      expect(await told(() => database.db.deleteFrom('users').execute())).toEqual(both);
    } finally {
      await close();
    }
  });

  it('keeps an hour of changes', async () => {
    const { database, close } = await kind.open();
    try {
      const clock = new ManualClock(Date.now());
      const feed = new ChangeFeed({ database, clock, logger: silentLogger });
      await database.db
        .insertInto('changes')
        .values({ organization_id: null, kind: 'user', object_id: 'x' })
        .execute();
      const count = async () => (await database.db.selectFrom('changes').select('id').execute()).length;
      clock.advance(3_500_000);
      await feed.trim();
      expect(await count()).toBe(1);
      clock.advance(200_000);
      await feed.trim();
      expect(await count()).toBe(0);
    } finally {
      await close();
    }
  });
});

it('positions keep their order as text', () => {
  const number = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(number, number, number, number, (tx, id, tx2, id2) => {
      expect(parsePosition(formatPosition({ tx, id }))).toEqual({ tx, id });
      const [a, b] = [
        { tx, id },
        { tx: tx2, id: id2 },
      ];
      expect(isAfter(a, b) && isAfter(b, a)).toBe(false);
      expect(isAfter(a, a)).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = parsePosition(text);
      if (read) expect(formatPosition(read)).toBe(text.replace(/^0+(?=\d)/, '').replace(/-0+(?=\d)/, '-'));
    }),
  );
});
