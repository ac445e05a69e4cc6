import { addOrganization, type Directory } from '@drawbridge/directory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databases } from '../support/databases.ts';
import { addPeople, type Person, swept } from '../support/sweeps.ts';
import { newAccount } from '../support/tenants.ts';
import { call, openDirectoryOn, openWorld, type World } from '../support/world.ts';

const soon = { timeout: 15_000, interval: 20 };

describe.each(databases)('a Zitadel that is integrated while the directory runs, on $name', (kind) => {
  let first: World;
  let later: World;
  let undo: (() => Promise<unknown>)[];

  beforeEach(async () => {
    first = await openWorld({ outboundDenyList: [] });
    later = await openWorld({ outboundDenyList: [] });
    undo = [() => later.close(), () => first.close()];
  });
  afterEach(async () => {
    for (const one of undo) await one();
  });

  const opened = async (location: Parameters<typeof openDirectoryOn>[1]): Promise<Directory> => {
    const directory = await openDirectoryOn(first, location, { events: { url: 'own' } });
    undo.unshift(() => directory.stop());
    await directory.start();
    return directory;
  };
  const emptyDatabase = async () => {
    const { location, close } = await kind.location();
    undo.unshift(close);
    return location;
  };
  const body = (name: string, serviceAccount: string) => ({
    type: 'zitadel',
    name,
    issuer: later.emulator.issuer,
    projectId: later.projectId,
    serviceAccount,
    reason: 'a second instance',
  });
  /** Integrates the later Zitadel by the API. @returns its id */
  const integrate = async (directory: Directory, name = 'later'): Promise<string> => {
    const added = await call(
      directory,
      'root',
      'POST',
      '/api/integrations',
      body(name, `file:${later.keyPath}`),
    );
    expect(added.status).toBe(201);
    return String(added.body.id);
  };
  /** An organization of the later Zitadel with people in it. */
  const people = async (directory: Directory, integrationId: string): Promise<readonly Person[]> => {
    await directory.database.transaction((trx) =>
      addOrganization(trx, {
        slug: 'west',
        name: 'west',
        integrationId,
        zitadelOrgId: 'org-south',
        actor: 'test',
        at: new Date(),
      }),
    );
    return await addPeople(later, directory, 'west', ['one', 'two', 'three', 'four', 'five', 'six']);
  };
  const stateOf = (directory: Directory, person: Person | undefined) => async () =>
    (await call(directory, 'root', 'GET', `/api/users/${person?.id}`)).body.state;
  /** What the place for webhooks of an integration answers to a call that nobody signed: 404 where nobody listens. */
  const listens = (directory: Directory, id: string) => async () =>
    (await fetch(`${directory.url}/webhooks/zitadel/events/${id}`, { method: 'POST', body: '{}' })).status;

  it('is listened to, swept, and listened to further when its settings change', async () => {
    const directory = await opened(await emptyDatabase());
    const id = await integrate(directory);
    const [one, two, three] = await people(directory, id);
    await expect.poll(listens(directory, id), soon).toBe(401);
    await later.zitadel.users.deactivate(one?.zitadelUserId ?? '');
    await expect.poll(stateOf(directory, one), soon).toBe('inactive_elsewhere');

    // The former account's client is closed by that; it could read no event any more.
    const account = await newAccount(later);
    await later.zitadel.administrators.create({
      userId: /([^/]+)\.json$/.exec(account)?.[1] ?? '',
      resource: { instance: true },
      roles: ['IAM_OWNER'],
    });
    const changed = await call(directory, 'root', 'PUT', `/api/integrations/${id}`, body('later', account));
    expect(changed.status).toBe(200);
    expect(await swept(directory)).toMatchObject({ state: 'done', canary: 'ok, 2 instances' });
    later.emulator.controls.set({ webhooks: { loseRate: 1 } });
    await later.zitadel.users.deactivate(two?.zitadelUserId ?? '');
    await expect.poll(stateOf(directory, two), soon).toBe('inactive_elsewhere');
    expect(await stateOf(directory, three)()).toBe('active');
  });

  it('is let go once it is removed, and the others are listened to as before', async () => {
    const directory = await opened(await emptyDatabase());
    const id = await integrate(directory);
    await expect.poll(listens(directory, id), soon).toBe(401);
    await directory.database.db.deleteFrom('system_integrations').where('id', '=', id).execute();
    await expect.poll(listens(directory, id), soon).toBe(404);
    const [one] = await addPeople(first, directory, 'north', ['one', 'two', 'three', 'four']);
    await first.zitadel.users.deactivate(one?.zitadelUserId ?? '');
    await expect.poll(stateOf(directory, one), soon).toBe('inactive_elsewhere');
  });

  it.skipIf(kind.name === 'PGlite')('is listened to by every replica, whichever integrated it', async () => {
    const location = await emptyDatabase();
    const here = await opened(location);
    const there = await opened(location);
    const id = await integrate(here);
    const [one] = await people(here, id);
    await expect.poll(listens(there, id), soon).toBe(401);
    await here.stop();
    await later.zitadel.users.deactivate(one?.zitadelUserId ?? '');
    await expect.poll(stateOf(there, one), soon).toBe('inactive_elsewhere');
  });
});
