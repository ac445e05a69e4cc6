import type { Directory } from '@drawbridge/directory';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from '../support/databases.ts';
import { newTenant } from '../support/tenants.ts';
import { call, openDirectoryOn, openWorld, type World } from '../support/world.ts';

const header = 'email,given_name,family_name,role';
const many = { perSecond: 10_000, burst: 100_000 };

interface Import {
  readonly id: string;
  readonly state: string;
  readonly total: number;
  readonly mails: number;
  readonly plan: Readonly<Record<string, number>>;
  readonly outcome: Readonly<Record<string, number>>;
  readonly leftMs: number | null;
}

describe.each(databases)('imports on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let close: () => Promise<void>;
  let org: string;

  beforeAll(async () => {
    world = await openWorld();
    const { location, close: drop } = await kind.location();
    close = drop;
    directory = await openDirectoryOn(world, location, {
      limits: { address: many, reads: many, writes: many },
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3, patienceMs: 0 },
    });
    await directory.start();
    org = await newTenant(world, directory);
  });
  afterAll(async () => {
    await directory.stop();
    await world.close();
    await close();
  });

  const upload = async (text: string | Uint8Array, tenant = org, subject = 'root') => {
    const response = await fetch(`${directory.url}/api/imports?organization=${tenant}&fileName=people.csv`, {
      method: 'POST',
      headers: { authorization: `Bearer ${subject}`, 'content-type': 'text/csv' },
      body: text,
    });
    return { status: response.status, body: (await response.json()) as Import & { code?: string } };
  };
  const get = async (path: string) => (await call(directory, 'root', 'GET', path)).body;
  const rowsOf = async (id: string, query = '') =>
    (await get(`/api/imports/${id}/rows${query}`)).items as Readonly<Record<string, unknown>>[];
  const over = async (id: string): Promise<Import> => {
    for (let tries = 0; tries < 600; tries++) {
      const found = (await get(`/api/imports/${id}`)) as unknown as Import;
      if (['done', 'stopped'].includes(found.state)) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the import does not end');
  };
  const results = async (id: string, query = '') => {
    const response = await fetch(`${directory.url}/api/imports/${id}/results.csv${query}`, {
      headers: { authorization: 'Bearer root' },
    });
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="people.results.csv"');
    return (await response.text()).trimEnd().split('\r\n');
  };

  it('an upload says what would become of each row, and changes nothing', async () => {
    await call(directory, 'root', 'POST', '/api/users', user('there@t.example', org), { prefer: 'wait=20' });
    await call(directory, 'root', 'POST', '/api/users', user('south@t.example', 'south'), {
      prefer: 'wait=20',
    });
    const before = await call(directory, 'root', 'GET', `/api/users?organization=${org}&count=true`);
    const { status, body } = await upload(
      [
        header,
        'new@t.example,New,Comer,manager',
        'THERE@t.example,Given,Family,user',
        'there@t.example,Given,Family,user',
        'south@t.example,Given,Family,user',
        'nonsense,Given,Family,user',
        'role@t.example,Given,Family,boss',
        'name@t.example,,Family,user',
        ',,,',
        'short@t.example',
      ].join('\n'),
    );
    expect(status).toBe(202);
    expect(body).toMatchObject({
      state: 'checked',
      total: 8,
      mails: 1,
      plan: { create: 1, change: 0, same: 1, refuse: 6 },
      outcome: { done: 0, waiting: 0, attention: 0, failed: 0, running: 0 },
      leftMs: 200,
    });
    const rows = await rowsOf(body.id, '?plan=refuse');
    expect(rows.map(({ row, field, value, code, message }) => [row, field, value, code, message])).toEqual([
      [4, 'email', 'there@t.example', 'row_doubled', 'stands in row 3 already'],
      [5, 'email', 'south@t.example', 'user_exists', 'belongs to a user of another organization'],
      [6, 'email', 'nonsense', 'invalid_request', 'is not a mail address'],
      [7, 'role', 'boss', 'role_unknown', 'there is no such role; roles are admin, manager, user'],
      [8, 'given_name', '', 'invalid_request', 'is empty'],
      [10, 'given_name', '', 'invalid_request', 'is empty'],
    ]);
    const after = await call(directory, 'root', 'GET', `/api/users?organization=${org}&count=true`);
    expect(after.body.total).toBe(before.body.total);
  });

  it('a file that cannot be read leaves nothing behind', async () => {
    const before = (await get(`/api/imports?organization=${org}`)).items as unknown[];
    expect(await upload('name\nx\n')).toMatchObject({ status: 422, body: { code: 'import_unreadable' } });
    expect(await upload(`${header}\n`)).toMatchObject({ status: 422, body: { code: 'import_unreadable' } });
    expect(await upload(`${header}\n"a`)).toMatchObject({ status: 422, body: { code: 'import_unreadable' } });
    const rows = Array.from({ length: 10_001 }, (_, at) => `u${at}@t.example,G,F,user`);
    expect(await upload([header, ...rows].join('\n'))).toMatchObject({
      status: 413,
      body: { code: 'import_too_large' },
    });
    expect(await upload(`${header}\n`, 'unmapped')).toMatchObject({
      status: 409,
      body: { code: 'organization_not_mapped' },
    });
    expect((await get(`/api/imports?organization=${org}`)).items).toEqual(before);
  });

  it('carries rows out, each with a run of its own, and tells in a file what became of them', async () => {
    const tenant = await newTenant(world, directory);
    await call(directory, 'root', 'POST', '/api/users', user(`old@${tenant}.example`, tenant), {
      prefer: 'wait=20',
    });
    const { body } = await upload(
      `${header}\r\nada@${tenant}.example,Ada,Okafor,manager\r\nold@${tenant}.example,=New,Name,user\r\nbad,G,F,user\r\n`,
      tenant,
    );
    expect(body.plan).toEqual({ create: 1, change: 1, same: 0, refuse: 1 });
    const path = `/api/imports/${body.id}/start`;
    const refused = await call(directory, 'root', 'POST', path, {});
    expect([refused.status, refused.body.code]).toEqual([409, 'import_refused_rows']);
    expect((await call(directory, 'root', 'POST', path, { skipRefused: true })).status).toBe(202);
    const done = await over(body.id);
    expect(done).toMatchObject({
      state: 'done',
      outcome: { done: 2, waiting: 0, attention: 0, failed: 0, running: 0 },
    });
    const users = (await get(`/api/users?organization=${tenant}&sort=email`)).items as Record<
      string,
      unknown
    >[];
    expect(users.map(({ email, givenName }) => [email, givenName])).toEqual([
      [`ada@${tenant}.example`, 'Ada'],
      [`old@${tenant}.example`, '=New'],
    ]);
    const [ada, old] = users;
    const runs = (await get(`/api/runs?organization=${tenant}&batch=${body.id}`)).items as { id: string }[];
    expect(runs).toHaveLength(2);
    const [, ...lines] = await results(body.id);
    expect(lines[0]).toBe(
      `2,ada@${tenant}.example,Ada,Okafor,manager,done,${String(ada?.id)},${runs.at(-1)?.id},,,`,
    );
    expect(lines[1]).toBe(
      `3,old@${tenant}.example,'=New,Name,user,done,${String(old?.id)},${runs[0]?.id},,,`,
    );
    expect(lines[2]).toBe('4,bad,G,F,user,refused,,,invalid_request,email: is not a mail address,');
    expect(await results(body.id, '?only=failed')).toHaveLength(2);
    expect(world.emulator.mails.filter(({ to }) => to === `ada@${tenant}.example`)).toHaveLength(1);

    const audit = (await get(`/api/audit?organization=${tenant}&object=${body.id}`)).items as {
      action: string;
    }[];
    expect(audit.map(({ action }) => action)).toEqual(['import.start', 'import.check']);
    expect((await call(directory, 'root', 'POST', path, {})).body.code).toBe('import_not_ready');
  });

  it('the rows that failed can be corrected in their file and uploaded as they are', async () => {
    const tenant = await newTenant(world, directory);
    const { body } = await upload(`${header}\nbad,G,F,user\n`, tenant);
    const [head = '', row = ''] = await results(body.id, '?only=failed');
    const again = await upload(`${head}\r\n${row.replace('bad', `good@${tenant}.example`)}\r\n`, tenant);
    expect(again.body).toMatchObject({ plan: { create: 1, refuse: 0 } });
  });

  it('nobody imports a role beyond their own, nor changes somebody who has one', async () => {
    const tenant = await newTenant(world, directory);
    for (const role of ['manager', 'admin']) {
      await call(
        directory,
        'root',
        'POST',
        '/api/users',
        { ...user(`${role}@${tenant}.example`, tenant), role },
        { prefer: 'wait=20' },
      );
    }
    const users = (await get(`/api/users?organization=${tenant}&role=manager`)).items as Record<
      string,
      string
    >[];
    const manager = users[0]?.zitadelUserId ?? '';
    const file = `${header}\nboss@${tenant}.example,G,F,admin\nadmin@${tenant}.example,Other,F,user\nu@${tenant}.example,G,F,user\n`;
    const { body } = await upload(file, tenant, manager);
    expect((await rowsOf(body.id)).map(({ plan, code }) => [plan, code])).toEqual([
      ['refuse', 'forbidden'],
      ['refuse', 'forbidden'],
      ['create', null],
    ]);
    const full = await upload(file, tenant);
    expect(full.body.plan).toMatchObject({ create: 2, change: 1 });
    const start = await call(directory, manager, 'POST', `/api/imports/${full.body.id}/start`, {});
    expect([start.status, start.body.code]).toEqual([403, 'forbidden']);
  });

  it('what was taken meanwhile fails alone, and a run that stops is told with its row', async () => {
    const tenant = await newTenant(world, directory);
    const { body } = await upload(
      `${header}\na@${tenant}.example,G,F,user\nb@${tenant}.example,G,F,user\nc@${tenant}.example,G,F,user\n`,
      tenant,
    );
    await call(directory, 'root', 'POST', '/api/users', user(`a@${tenant}.example`, tenant), {
      prefer: 'wait=20',
    });
    await world.zitadel.users.create({
      organizationId: 'org-south',
      username: `b@${tenant}.example`,
      human: {
        profile: { givenName: 'B', familyName: 'B' },
        email: { email: `b@${tenant}.example`, isVerified: true },
      },
    });
    await call(directory, 'root', 'POST', `/api/imports/${body.id}/start`, {});
    expect(await over(body.id)).toMatchObject({
      state: 'done',
      outcome: { done: 1, attention: 1, failed: 1, running: 0 },
    });
    const rows = await rowsOf(body.id);
    expect(rows.map(({ state, code }) => [state, code])).toEqual([
      ['failed', 'user_exists'],
      ['attention', expect.stringMatching(/^\w+$/)],
      ['done', null],
    ]);
    expect(await rowsOf(body.id, '?outcome=done')).toHaveLength(1);
  });

  it('stops behind the rows that are under way, and goes on when it is started again', async () => {
    const tenant = await newTenant(world, directory);
    const people = Array.from({ length: 45 }, (_, at) => `p${at}@${tenant}.example,G,F,user`);
    const { body } = await upload([header, ...people].join('\n'), tenant);
    world.emulator.controls.latencyMs = 20;
    await call(directory, 'root', 'POST', `/api/imports/${body.id}/start`, {});
    expect((await call(directory, 'root', 'POST', `/api/imports/${body.id}/stop`)).status).toBe(202);
    const stopped = await over(body.id);
    world.emulator.controls.latencyMs = 0;
    expect(stopped.state).toBe('stopped');
    expect(stopped.outcome.running).toBe(0);
    expect(stopped.outcome.done).toBeLessThan(45);
    expect((await rowsOf(body.id, '?outcome=open&limit=1000')).length).toBe(45 - (stopped.outcome.done ?? 0));
    await call(directory, 'root', 'POST', `/api/imports/${body.id}/start`, {});
    expect(await over(body.id)).toMatchObject({ state: 'done', outcome: { done: 45 } });
    expect(world.emulator.mails.filter(({ to }) => to.endsWith(`@${tenant}.example`))).toHaveLength(45);
  });
});

function user(email: string, organization: string) {
  return { organization, email, givenName: 'Given', familyName: 'Family', role: 'user' };
}
