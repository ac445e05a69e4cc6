import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkWish } from '@drawbridge/stack';
import { describe, expect, it } from 'vitest';
import { everything, hasty, startPlace, told } from './support.ts';

const shop = {
  projects: {
    shop: {
      name: 'Shop',
      roles: { admin: 'Admin' },
      applications: {
        api: { kind: 'api', name: 'Shop API' },
        pages: { kind: 'web', name: 'Shop', redirectUris: ['https://shop.acme.example/back'] },
      },
    },
  },
  accounts: { robot: { name: 'Robot', roles: ['IAM_OWNER_VIEWER'] } },
};
const wish = checkWish(shop);

describe('drift', () => {
  it('shows a redirect URI that was changed, and mends that field alone', async () => {
    const place = await startPlace();
    await place.apply(wish);
    const { applications } = place.zitadel;
    const [pages] = await applications.list({ projectId: 'shop', name: 'Shop' }).all();
    await applications.update({
      applicationId: pages?.applicationId ?? '',
      projectId: 'shop',
      oidcConfiguration: {
        redirectUris: ['https://evil.example'],
        postLogoutRedirectUris: ['https://shop.acme.example'],
      },
    });
    const plan = await place.plan(wish);
    expect(plan.changes.map(({ action, title, fields }) => ({ action, title, fields }))).toEqual([
      {
        action: 'update',
        title: 'application shop/pages',
        fields: [
          { field: 'redirectUris', from: ['https://evil.example'], to: ['https://shop.acme.example/back'] },
        ],
      },
    ]);
    expect(told(await place.apply(wish))).toEqual([]);
    const [mended] = await applications.list({ projectId: 'shop', name: 'Shop' }).all();
    expect(mended?.oidcConfiguration).toMatchObject({
      redirectUris: ['https://shop.acme.example/back'],
      postLogoutRedirectUris: ['https://shop.acme.example'],
    });
  });

  it('S30 takes back roles that an account was given beyond its job', async () => {
    const place = await startPlace();
    await place.apply(wish);
    const resource = { instance: true } as const;
    await place.zitadel.administrators.update({ userId: 'drawbridge-robot', resource, roles: ['IAM_OWNER'] });
    const plan = await place.plan(wish);
    expect(plan.changes[0]?.fields).toEqual([
      { field: 'roles', from: ['IAM_OWNER'], to: ['IAM_OWNER_VIEWER'] },
    ]);
    expect(told(await place.apply(wish))).toEqual([]);
  });

  it('makes again what somebody removed, under another id where the former is spent', async () => {
    const place = await startPlace();
    await place.apply(wish);
    const { applications, users } = place.zitadel;
    await applications.remove('shop', 'shop-pages');
    await users.remove('drawbridge-robot');
    const plan = await place.plan(wish, { clock: hasty });
    expect(told(plan)).toEqual([
      'create application shop/pages',
      'create account robot',
      'create roles of account robot over the instance',
      'create key of account robot',
    ]);
    expect(told(await place.apply(wish, { clock: hasty }))).toEqual([]);
    const ids = (await applications.list({ projectId: 'shop' }).all()).map(
      ({ applicationId }) => applicationId,
    );
    expect(ids).toEqual(['shop-api', 'shop-pages-2']);
  });

  it('notes an account that somebody deactivated, and leaves it so', async () => {
    const place = await startPlace();
    await place.apply(wish);
    await place.zitadel.users.deactivate('drawbridge-robot');
    const left = await place.apply(wish);
    expect([told(left), left.notes]).toEqual([
      [],
      ['Account robot is not active in Zitadel; whoever did that has to undo it.'],
    ]);
  });

  it('moves a target to the event of the other user interface, beside targets of others', async () => {
    const place = await startPlace();
    const { actions } = place.zitadel;
    const other = await actions.createTarget({
      name: 'theirs',
      endpoint: 'https://other.example',
      kind: 'webhook',
      timeoutMs: 1_000,
    });
    await actions.setExecution({ event: { group: 'user.human' } }, [other.id]);
    const ui = (event: string) =>
      checkWish({ targets: { users: { endpoint: 'https://actions.acme.example', events: [event] } } });
    await place.apply(ui('user.human.selfregistered'));
    expect(told(await place.plan(ui('user.human.added')))).toEqual(['update target users']);
    const left = await place.apply(ui('user.human.added'));
    const own = left.present.targets.get('users') ?? '';
    const exact = new Map(
      (await actions.listExecutions().all()).map(({ condition, targets }) => [
        condition.event?.event,
        targets,
      ]),
    );
    // What the group called goes on being called for both events.
    expect(exact.get('user.human.added')).toEqual([other.id, own]);
    expect(exact.get('user.human.selfregistered')).toEqual([other.id]);
  });
});

describe('keys', () => {
  it('are made once, and another is made only when it is asked for', async () => {
    const place = await startPlace();
    await place.apply(wish);
    const file = join(place.folder, 'account-robot.json');
    const first = await readFile(file, 'utf8');
    await place.apply(wish);
    expect(await readFile(file, 'utf8')).toBe(first);
    const rotated = await place.apply(wish, { rotate: ['robot'] });
    expect([told(rotated), rotated.notes]).toEqual([
      [],
      ['The former key of account robot still works; --prune removes it once the new one is in use.'],
    ]);
    expect(await readFile(file, 'utf8')).not.toBe(first);
    // What is replaced in a run is not removed by the same one.
    expect(told(await place.apply(wish, { rotate: 'all', prune: true }))).toEqual([]);
    const pruned = await place.apply(wish, { prune: true });
    expect([told(pruned), pruned.notes]).toEqual([[], []]);
    const listed = await place.zitadel.users.listKeys({ userId: 'drawbridge-robot' }).all();
    const { keyId } = JSON.parse(await readFile(file, 'utf8')) as { keyId: string };
    expect(listed.map(({ id }) => id)).toEqual([keyId]);
  });

  it('that end soon are told', async () => {
    const place = await startPlace();
    await place.apply(wish);
    const later = { ...hasty, now: () => Date.now() + 360 * 86_400_000 };
    const { changes, notes } = await place.plan(wish, { clock: later });
    expect(changes).toEqual([]);
    expect(notes).toEqual([
      'The key of application shop/api ends in 4 days; --rotate api replaces it.',
      'The key of account robot ends in 4 days; --rotate robot replaces it.',
    ]);
  });

  it('that somebody removed are made again', async () => {
    const place = await startPlace();
    await place.apply(wish);
    const { users } = place.zitadel;
    const [key] = await users.listKeys({ userId: 'drawbridge-robot' }).all();
    await users.removeKey('drawbridge-robot', key?.id ?? '');
    const plan = await place.plan(wish, { clock: hasty });
    expect(told(plan)).toEqual(['create key of account robot']);
    expect(told(await place.apply(wish, { clock: hasty }))).toEqual([]);
  });

  it('that lie elsewhere are told, and not made anew', async () => {
    const place = await startPlace();
    await place.apply(wish);
    await rm(join(place.folder, 'account-robot.json'));
    const left = await place.apply(wish);
    expect([told(left), left.notes]).toEqual([
      [],
      ['The key of account robot is not in the folder; --rotate robot makes another.'],
    ]);
  });
});

describe('what others made', () => {
  it('is told and left alone, and taken over only by --adopt', async () => {
    const place = await startPlace();
    const { projects, applications, users, organizations } = place.zitadel;
    const [home] = await organizations.list().all();
    const organizationId = home?.id ?? '';
    await projects.create({ organizationId, projectId: '4711', name: 'Shop' });
    await applications.create({
      projectId: '4711',
      name: 'Shop API',
      apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_BASIC' },
    });
    await users.create({
      organizationId,
      userId: '42',
      username: 'drawbridge-robot',
      machine: { name: 'Somebody' },
    });
    const told1 = await place.apply(wish);
    expect(told1.foreign.map(({ title, id }) => `${title} ${id}`)).toEqual([
      'project shop 4711',
      'account robot 42',
    ]);
    expect((await users.get('42')).machine?.name).toBe('Somebody');
    expect(await projects.listRoles('4711').all()).toEqual([]);
    const adopted = await place.plan(wish, { adopt: true });
    expect(told(adopted)).toEqual([
      'adopt project shop',
      'create role admin of shop',
      'adopt application shop/api',
      'create key of application shop/api',
      'create application shop/pages',
      'adopt account robot',
      'create roles of account robot over the instance',
      'create key of account robot',
    ]);
    const left = await place.apply(wish, { adopt: true });
    expect([told(left), left.foreign]).toEqual([[], []]);
    expect(left.present.projects.get('shop')).toBe('4711');
    expect((await users.get('42')).machine?.name).toBe('Robot');
  });

  it('stays when ours goes: --prune removes what an earlier run made and nothing else', async () => {
    const place = await startPlace();
    const { zitadel } = place;
    await place.apply(everything());
    await zitadel.projects.addRole('drawbridge', { roleKey: 'theirs', displayName: 'Theirs' });
    const fewer = checkWish({ projects: { drawbridge: { name: 'Drawbridge', roles: { admin: 'Admin' } } } });
    const told1 = await place.plan(fewer);
    expect(told(told1)).toEqual([]);
    expect(told1.notes.join()).toContain('role manager of drawbridge');
    const left = await place.apply(fewer, { prune: true });
    expect([told(left), left.notes]).toEqual([[], []]);
    const roles = (await zitadel.projects.listRoles('drawbridge').all()).map(({ key }) => key);
    expect(roles).toEqual(['admin', 'theirs']);
    expect(await zitadel.actions.listTargets().all()).toEqual([]);
    expect(await zitadel.actions.listExecutions().all()).toEqual([]);
    const users = (await zitadel.users.list().all()).map(({ username }) => username);
    expect(users.filter((name) => name?.startsWith('drawbridge-'))).toEqual([]);
  });
});
