import { type Directory, recordAudit } from '@drawbridge/directory';
import { createDirectoryClient } from '@drawbridge/directory/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../support/databases.ts';
import { call, namesAsTokens, openDirectoryOn, openWorld, type World } from '../support/world.ts';

const many = { perSecond: 10_000, burst: 100_000 };

describe.each(databases)('filters of lists on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let close: () => Promise<void>;
  const organizations: Record<string, string> = {};
  const at = new Date('2026-03-04T05:06:07Z');

  beforeAll(async () => {
    world = await openWorld();
    const own = await kind.location();
    close = own.close;
    directory = await openDirectoryOn(world, own.location, {
      authenticator: namesAsTokens,
      limits: { address: many, reads: many },
    });
    const { db } = directory.database;
    for (const { id, slug } of await db.selectFrom('organizations').select(['id', 'slug']).execute())
      organizations[slug] = id;
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await close();
    await world.close();
  });

  const asked = async (path: string, subject = 'root') => {
    const { status, body } = await call(directory, subject, 'GET', path);
    expect([path, status]).toEqual([path, 200]);
    return body as { readonly items: readonly Readonly<Record<string, unknown>>[]; readonly total?: number };
  };
  const idsOf = async (path: string, key = 'id') => (await asked(path)).items.map((one) => one[key]);

  describe('of runs', () => {
    const runs = [
      ['r1', 'create-user', 'done', 'create ada@north.example', 'u1', '2026-03-01T00:00:00Z'],
      ['r2', 'deactivate-user', 'done', 'deactivate ada@north.example', 'u1', '2026-03-02T00:00:00Z'],
      ['r3', 'create-user', 'attention', "create o'neil\\x@north.example", 'u2', '2026-03-03T00:00:00Z'],
      ['r4', 'map-organization', 'done', 'map North Wind to Nordwind', null, '2026-03-04T00:00:00Z'],
      ['r5', 'erase-user', 'done', null, 'u3', '2026-03-05T00:00:00Z'],
    ] as const;
    beforeAll(async () => {
      for (const [id, saga, state, title, user_id, time] of runs)
        await directory.database.db
          .insertInto('provisioning_runs')
          .values({
            id,
            saga,
            organization_id: organizations.north ?? '',
            user_id,
            state,
            title,
            input: '{}',
            requested_by: 'root',
            created_at: new Date(time),
            updated_at: new Date(time),
          })
          .execute();
    });

    it.each([
      ['q=ada', ['r2', 'r1']],
      ['q=ADA%20create', ['r1']],
      ["q=o'neil%5Cx", ['r3']],
      ['q=da', []],
      ['q=erase', ['r5']],
      ['q=nord%20north', ['r4']],
      ['q!=ada&q!=map%20wind', ['r5', 'r3']],
      ['state!=done', ['r3']],
      ['state!=done&state!=attention', []],
      ['user!=u1', ['r5', 'r4', 'r3']],
      ['user=u1&q!=deactivate', ['r1']],
      ['from=2026-03-02T00:00:00Z&to=2026-03-04T00:00:00Z', ['r3', 'r2']],
      ['q=create&limit=1', ['r3']],
      ['q=create&limit=1&after=r3', ['r1']],
      ['organization=south&q=ada', []],
      ['organization=north&q=ada', ['r2', 'r1']],
    ])('%s', async (query, expected) => {
      expect(await idsOf(`/api/runs?${query}`)).toEqual(expected);
    });

    it.each(['state!=nonsense', 'state%21=nonsense', 'other!=x', `q=${'x'.repeat(201)}`])(
      'refuse %s',
      async (query) => {
        const { status, body } = await call(directory, 'root', 'GET', `/api/runs?${query}`);
        expect([status, body.code]).toEqual([400, 'invalid_request']);
      },
    );

    it('are said with the types of the client', async () => {
      const client = createDirectoryClient({ baseUrl: directory.url, token: () => 'root' });
      const query = { 'state!': ['attention', 'waiting'] as const, 'user!': 'u1', q: 'north' };
      const { items } = await client.call('GET /api/runs', { query });
      expect(items.map(({ id }) => id)).toEqual(['r4']);
    });
  });

  describe('of the audit', () => {
    beforeAll(async () => {
      const { database } = directory;
      await database.db.deleteFrom('audit').execute();
      const add = (action: string, objectId: string, more: object = {}) =>
        database.transaction((trx) =>
          recordAudit(trx, {
            organizationId: organizations.north ?? '',
            actor: 'root',
            action,
            objectType: 'user',
            objectId,
            at,
            ...more,
          }),
        );
      await add('user.create', 'u1', {
        personal: { email: 'ada@north.example', givenName: 'Ada', familyName: 'Okafor' },
        requestId: 'q1',
      });
      await add('user.deactivate', 'u1', { reason: 'left the\ncompany', actor: 'ben' });
      await add('setting.change', 'sync.brakeOn', {
        objectType: 'setting',
        reason: `a ${'x'.repeat(4_000)}`,
      });
    });

    it.each([
      ['q=okafor', ['u1']],
      ['q=company', ['u1']],
      ['q=setting%20change', ['sync.brakeOn']],
      ['q=user', ['u1', 'u1']],
      ['q!=user', ['sync.brakeOn']],
      ['action!=user.&actor=root', ['sync.brakeOn']],
      ['actor!=ben', ['sync.brakeOn', 'u1']],
      ['object!=u1', ['sync.brakeOn']],
      ['request!=q1&object=u1&q=left', ['u1']],
      ['organization=south&q=user', []],
    ])('%s, and as many are counted and exported', async (query, expected) => {
      expect(await idsOf(`/api/audit?${query}`, 'objectId')).toEqual(expected);
      expect(await asked(`/api/audit?${query}&count=true&limit=1`)).toMatchObject({ total: expected.length });
      const exported = await fetch(`${directory.url}/api/audit/export?${query}`, {
        headers: { authorization: 'Bearer root' },
      });
      const lines = (await exported.text()).split('\n').filter(Boolean);
      const entries = lines.map((line) => JSON.parse(line) as { action: string; objectId: string });
      // An export stands in the audit itself.
      const others = entries.filter(({ action }) => action !== 'audit.export');
      expect(others.map(({ objectId }) => objectId)).toEqual(expected.toReversed());
      await directory.database.db.deleteFrom('audit').where('action', '=', 'audit.export').execute();
    });

    it('a name is found no more once the person is erased', async () => {
      await directory.database.db.updateTable('audit').set({ personal: null }).execute();
      expect(await idsOf('/api/audit?q=okafor')).toEqual([]);
    });
  });

  it('of sweeps', async () => {
    const sweep = { requested_by: 'ben', started_at: at, finished_at: at };
    await directory.database.db
      .insertInto('sweeps')
      .values([
        { id: 's1', organization_id: null, cause: 'timer', state: 'done', ...sweep },
        { id: 's2', organization_id: null, cause: 'person', state: 'braked', ...sweep },
        { id: 's3', organization_id: null, cause: 'person', state: 'failed', ...sweep },
      ])
      .execute();
    expect(await idsOf('/api/sweeps?q=BE%20person')).toEqual(['s3', 's2']);
    expect(await idsOf('/api/sweeps?cause=person&state!=failed')).toEqual(['s2']);
    expect(await idsOf('/api/sweeps?cause!=person')).toEqual(['s1']);
    expect(await idsOf('/api/sweeps?q!=timer&q!=s3')).toEqual(['s2']);
  });

  it('of users', async () => {
    const user = (id: string, name: string, state: object = {}) => ({
      id,
      integration_id: '',
      organization_id: organizations.south ?? '',
      email: `${id}@south.example`,
      given_name: name,
      family_name: 'Test',
      active: true,
      permissions: '[]',
      created_at: at,
      updated_at: at,
      ...state,
    });
    const { database } = directory;
    const { id } = await database.db.selectFrom('system_integrations').select('id').executeTakeFirstOrThrow();
    const rows = [
      user('a1', 'Ada'),
      user('b1', 'Ben', { active: false, deactivated_here: true }),
      user('c1', 'Cleo', { zitadel_state: 'locked' }),
    ].map((row) => ({ ...row, integration_id: id }));
    await database.db.insertInto('users').values(rows).execute();
    await database.db
      .insertInto('memberships')
      .values(
        rows.map((row) => ({
          user_id: row.id,
          organization_id: organizations.south ?? '',
          role_key: row.id === 'a1' ? 'admin' : 'user',
          home: true,
          zitadel_authorization_id: null,
          created_at: at,
        })),
      )
      .execute();
    const list = '/api/users?organization=south&';
    expect(await idsOf(`${list}state!=inactive`)).toEqual(['a1', 'c1']);
    expect(await idsOf(`${list}state!=inactive&state!=locked`)).toEqual(['a1']);
    expect(await idsOf(`${list}state!=active&count=true`)).toEqual(['b1', 'c1']);
    expect(await idsOf(`${list}role!=admin&q=test`)).toEqual(['b1', 'c1']);
    expect(await idsOf(`${list}q!=ada&email!=C1@south.example`)).toEqual(['b1']);
    expect(await asked(`${list}q!=ada&count=true`)).toMatchObject({ total: 2 });
  });
});
