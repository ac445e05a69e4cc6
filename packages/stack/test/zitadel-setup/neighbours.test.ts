import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyZitadelSetup, checkWish, credentialFolder } from '@drawbridge/stack';
import { describe, expect, it } from 'vitest';
import { hasty, type Place, startPlace, told } from './support.ts';

const nothing = checkWish({});
const robot = checkWish({ accounts: { robot: { name: 'Robot' } } });

async function homeOf({ zitadel }: Place): Promise<string> {
  return (await zitadel.organizations.list().all())[0]?.id ?? '';
}

/** Writes into the ledger what no setup wrote. */
async function forge(place: Place, key: string, entry: object): Promise<void> {
  const values = { [`drawbridge.setup/drawbridge/${key}`]: JSON.stringify(entry) };
  await place.zitadel.organizations.setMetadata(await homeOf(place), values);
}

describe('two targets for one event', () => {
  const endpoint = 'https://actions.acme.example';
  const two = checkWish({
    targets: {
      one: { endpoint: `${endpoint}/1`, events: ['user.locked', 'user.unlocked'] },
      two: { endpoint: `${endpoint}/2`, events: ['user.locked'], functions: ['preuserinfo'] },
    },
  });

  it('are both called, from the first run on', async () => {
    const place = await startPlace();
    const left = await place.apply(two, { clock: hasty });
    expect(told(left)).toEqual([]);
    const [one, other] = ['one', 'two'].map((name) => left.present.targets.get(name));
    const executions = await place.zitadel.actions.listExecutions().all();
    const locked = executions.find(({ condition }) => condition.event?.event === 'user.locked');
    expect(locked?.targets).toEqual([one, other]);
  });

  it('are both removed by one --prune', async () => {
    const place = await startPlace();
    await place.apply(two, { clock: hasty });
    await place.apply(two, { clock: hasty });
    expect(told(await place.apply(nothing, { prune: true, clock: hasty }))).toEqual([]);
    const { actions } = place.zitadel;
    expect([await actions.listTargets().all(), await actions.listExecutions().all()]).toEqual([[], []]);
  });

  it('may be waited for as long as Zitadel allows', async () => {
    const place = await startPlace();
    const patient = checkWish({ targets: { one: { endpoint, timeout: '270s', events: ['user.locked'] } } });
    expect(told(await place.apply(patient))).toEqual([]);
  });
});

describe('two installations that share an instance', () => {
  it('have applications of their own, although the projects have one name in both wishes', async () => {
    const place = await startPlace();
    const installation = (owner: string) =>
      checkWish({
        owner,
        projects: {
          bridge: {
            id: `${owner}-bridge`,
            name: `Bridge of ${owner}`,
            applications: {
              command: { kind: 'device', name: 'Command' },
              api: { kind: 'api', name: 'API' },
            },
          },
        },
      });
    const folderOf = (owner: string) => credentialFolder(join(place.folder, owner));
    const first = await place.apply(installation('first'), { credentials: folderOf('first') });
    const second = await place.apply(installation('second'), { credentials: folderOf('second') });
    expect([told(first), told(second)]).toEqual([[], []]);
    const again = await place.plan(installation('first'), { credentials: folderOf('first') });
    expect(told(again)).toEqual([]);
    const clients = [first, second].map(({ present }) => present.applications.get('bridge/command'));
    expect(clients.map((one) => one?.id)).toEqual(['bridge-command', 'bridge-command-2']);
    expect(new Set(clients.map((one) => one?.clientId)).size).toBe(2);
  });
});

describe('what others made', () => {
  it('in our project under our id is theirs, whatever it is called', async () => {
    const place = await startPlace();
    const project = { name: 'Shop', roles: {} };
    await place.apply(checkWish({ projects: { shop: project } }));
    await place.zitadel.applications.create({
      projectId: 'shop',
      applicationId: 'shop-api',
      name: 'Theirs',
      apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_BASIC' },
    });
    const wish = checkWish({
      projects: { shop: { ...project, applications: { api: { kind: 'api', name: 'Shop API' } } } },
    });
    const { changes, foreign } = await place.apply(wish);
    expect([changes, foreign.map(({ title, id }) => `${title} ${id}`)]).toEqual([
      [],
      ['application shop/api shop-api'],
    ]);
  });

  it('is not removed, although somebody wrote into the ledger that we did', async () => {
    const place = await startPlace();
    const { users, projects, organizations, actions } = place.zitadel;
    const organizationId = await homeOf(place);
    const machine = { name: 'Theirs' };
    await users.create({ organizationId, userId: 'theirs', username: 'theirs', machine });
    await forge(place, 'account/robot', { id: 'theirs' });
    const refused = { code: 'conflict', message: expect.stringContaining('is not what we made') };
    await expect(place.apply(nothing, { prune: true })).rejects.toMatchObject(refused);
    expect((await users.get('theirs')).machine?.name).toBe('Theirs');
    // Somebody looked, and removed it.
    await users.remove('theirs');
    expect(told(await place.apply(nothing, { prune: true }))).toEqual([]);

    const { id: elsewhere } = await organizations.create({ name: 'Elsewhere' });
    await projects.create({ organizationId: elsewhere, projectId: '4711', name: 'Theirs' });
    await forge(place, 'project/shop', { id: '4711' });
    await forge(place, 'role/shop/admin', { id: 'admin' });
    await expect(place.apply(nothing, { prune: true })).rejects.toMatchObject(refused);
    expect((await projects.get('4711')).name).toBe('Theirs');
    await projects.remove('4711');
    expect(told(await place.apply(nothing, { prune: true }))).toEqual([]);

    const { id } = await actions.createTarget({
      name: 'theirs',
      endpoint: 'https://other.example',
      kind: 'webhook',
      timeoutMs: 1_000,
    });
    await forge(place, 'target/actions', { id });
    await expect(place.apply(nothing, { prune: true })).rejects.toMatchObject(refused);
    expect((await actions.getTarget(id)).name).toBe('theirs');
  });

  it('is shown before it goes: a key that was made by hand since a run that ended too soon', async () => {
    const place = await startPlace();
    await place.apply(robot);
    await forge(place, 'credential/account/robot', { since: new Date(Date.now() - 3_600_000).toISOString() });
    const { users } = place.zitadel;
    const expiresAt = new Date(Date.now() + 86_400_000);
    const { keyId } = await users.addKey('drawbridge-robot', { expiresAt });
    const plan = await place.plan(robot, { credentials: credentialFolder(join(place.folder, 'elsewhere')) });
    expect(told(plan)).toEqual(['create key of account robot']);
    expect(plan.changes[0]?.fields).toContainEqual({ field: 'key', from: keyId, to: 'none' });
  });
});

describe('--prune', () => {
  it('removes no application that another project shows under the id', async () => {
    const place = await startPlace();
    const { projects, applications } = place.zitadel;
    const shop = checkWish({ projects: { shop: { name: 'Shop' } } });
    await place.apply(shop);
    const other = { organizationId: await homeOf(place), projectId: 'other', name: 'Other' };
    await projects.create(other);
    const apiConfiguration = { authMethodType: 'API_AUTH_METHOD_TYPE_BASIC' } as const;
    await applications.create({
      projectId: 'other',
      applicationId: 'shop-api',
      name: 'API',
      apiConfiguration,
    });
    await forge(place, 'application/shop/api', { id: 'shop-api' });
    let removals = 0;
    place.setFetch((underlying) => async (input, init) => {
      if (String(input).endsWith('/DeleteApplication')) removals += 1;
      return await underlying(input, init);
    });
    expect(told(await place.apply(shop, { prune: true, clock: hasty }))).toEqual([]);
    expect([removals, (await applications.list({ projectId: 'other' }).all()).length]).toEqual([0, 1]);
  });
});

describe('two runs at once', () => {
  it('make what is to be made once: the one that was planned before the other began is refused', async () => {
    const place = await startPlace();
    const options = {
      zitadel: place.zitadel,
      wish: robot,
      credentials: credentialFolder(place.folder),
    };
    const [one, other] = [await place.plan(robot), await place.plan(robot)];
    await applyZitadelSetup(options, one);
    const file = join(place.folder, 'account-robot.json');
    const made = await readFile(file, 'utf8');
    await expect(applyZitadelSetup(options, other)).rejects.toMatchObject({
      code: 'conflict',
      message: 'Somebody else has begun to set this up since it was compared.',
    });
    expect(await readFile(file, 'utf8')).toBe(made);
    expect(await place.zitadel.users.listKeys({ userId: 'drawbridge-robot' }).all()).toHaveLength(1);
    expect(told(await place.plan(robot))).toEqual([]);
  });
});

describe('an application', () => {
  it('that is wished for as another kind is told as that, with what to do', async () => {
    const place = await startPlace();
    const shop = (pages: object) =>
      checkWish({ projects: { shop: { name: 'Shop', applications: { pages } } } });
    await place.apply(shop({ kind: 'api', name: 'Shop' }));
    await expect(place.plan(shop({ kind: 'device', name: 'Shop' }))).rejects.toMatchObject({
      code: 'conflict',
      message: 'Application shop/pages is there as another kind, which Zitadel cannot change.',
      saw: 'an API',
    });
  });
});
