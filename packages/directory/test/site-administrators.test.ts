import { type Directory, sealAudit, verifyAudit } from '@drawbridge/directory';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { databases } from './support/databases.ts';
import { addPeople, named, type Person } from './support/sweeps.ts';
import { call, openDirectoryOn, openWorld, type World } from './support/world.ts';

const reason = { reason: 'second key holder' };

describe.each(databases)('site administrators on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let people: readonly Person[];
  let close: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld();
    const own = await kind.location();
    close = own.close;
    directory = await openDirectoryOn(world, own.location);
    await directory.start();
    people = await addPeople(world, directory, 'north', named('p', 2), 'admin');
  });
  afterAll(async () => {
    await directory.stop();
    await close();
    await world.close();
  });
  afterEach(async () => {
    world.emulator.controls.reset();
    await directory.database.db.deleteFrom('site_administrators').where('subject', '<>', 'root').execute();
    await directory.database.db.deleteFrom('audit').execute();
  });

  const subjectOf = (at: number) => people[at]?.zitadelUserId ?? '';
  const path = (subject: string) => `/api/site-administrators/${encodeURIComponent(subject)}`;
  const put = (subject: string, as = 'root', body: unknown = reason) =>
    call(directory, as, 'PUT', path(subject), body);
  /** 204 has no body to read. */
  const remove = async (subject: string, as = 'root') => {
    const response = await fetch(`${directory.url}${path(subject)}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${as}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'left' }),
    });
    const text = await response.text();
    return { status: response.status, code: /"code":"(\w+)"/.exec(text)?.[1] };
  };
  const subjects = async () => {
    const { body } = await call(directory, 'root', 'GET', '/api/site-administrators');
    return (body.items as { subject: string }[]).map(({ subject }) => subject);
  };
  const audited = () =>
    directory.database.db
      .selectFrom('audit')
      .select(['organization_id', 'action', 'object_id', 'actor', 'reason'])
      .where('object_type', '=', 'site_administrator')
      .where('actor', '<>', 'test')
      .orderBy('sequence')
      .execute();

  it('are named and removed by one another, with a reason, in the chain of the site', async () => {
    const [first, second] = [subjectOf(0), subjectOf(1)];
    expect((await call(directory, first, 'GET', '/api/settings')).status).toBe(403);
    expect(await put(first)).toMatchObject({
      status: 200,
      body: { subject: first, name: 'p0 north', email: `${first}@x.example`, addedBy: 'root' },
    });
    // It counts at the next request, and asked again it is the same.
    expect((await put(second, first)).status).toBe(200);
    expect((await put(second)).body).toMatchObject({ subject: second, addedBy: first });
    expect(await subjects()).toEqual(['root', first, second]);
    expect(await remove(second, first)).toMatchObject({ status: 204 });
    expect((await call(directory, second, 'GET', '/api/settings')).status).toBe(403);
    expect(await remove(second, first)).toEqual({ status: 404, code: 'not_found' });
    expect(await remove(first, first)).toMatchObject({ status: 204 });
    const of = (action: string, object_id: string, actor: string, why: string) => ({
      organization_id: null,
      action: `site_administrator.${action}`,
      object_id,
      actor,
      reason: why,
    });
    expect(await audited()).toEqual([
      of('add', first, 'root', reason.reason),
      of('add', second, first, reason.reason),
      of('remove', second, first, 'left'),
      of('remove', first, first, 'left'),
    ]);
    await sealAudit(directory.database);
    expect(await verifyAudit(directory.database, null)).toMatchObject({ unsealed: 0 });
  });

  it('need a reason, a user that Zitadel shows, and a Zitadel that answers', async () => {
    for (const body of [{}, { reason: ' ' }])
      expect(await put(subjectOf(0), 'root', body)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
    expect(await put('ada@north.example')).toMatchObject({
      status: 404,
      body: { code: 'not_found', detail: 'Zitadel shows no user ada@north.example.' },
    });
    world.emulator.controls.fail({ match: 'zitadel.user.v2.UserService/*', status: 503 });
    expect((await put(subjectOf(0))).status).toBeGreaterThanOrEqual(500);
    expect(await subjects()).toEqual(['root']);
    expect(await audited()).toEqual([]);
  });

  it('are never none: the last one stays, whoever asks and however many at once', async () => {
    expect(await remove('root')).toEqual({ status: 409, code: 'last_administrator' });
    const other = subjectOf(0);
    await put(other);
    const answers = await Promise.all([remove(other, 'root'), remove('root', other)]);
    // The second is refused as the last one, or as one who is none any more.
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    const left = await directory.database.db.selectFrom('site_administrators').select('subject').execute();
    expect(left).toHaveLength(1);
    await directory.database.db
      .insertInto('site_administrators')
      .values({ subject: 'root', added_by: 'test', created_at: new Date(0) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
});
