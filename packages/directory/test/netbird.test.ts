import { join } from 'node:path';
import { type Directory, putNetbirdIntegration, putOrganizationNetbird } from '@drawbridge/directory';
import { createNetbirdEmulator, type NetbirdEmulator } from '@drawbridge/emulators';
import { writeFileAtomic } from '@drawbridge/kit';
import { createNetbird, type Netbird } from '@drawbridge/netbird';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { wakeLate } from '../src/saga/index.ts';
import { databases } from './support/databases.ts';
import { changed, createdUser } from './support/lifecycle.ts';
import { ada, call, createdRun, openDirectoryOn, openWorld, settled, type World } from './support/world.ts';

describe.each(databases)('NetBird on $name', (kind) => {
  let world: World;
  let emulator: NetbirdEmulator;
  let netbird: Netbird;
  let directory: Directory;
  let drop: () => Promise<void>;
  let netbirdProject: string;

  beforeAll(async () => {
    world = await openWorld();
    emulator = createNetbirdEmulator();
    await emulator.start();
    netbird = createNetbird({ url: emulator.url, token: emulator.bootstrap.token });
    const tokenPath = join(world.folder, 'netbird-token');
    await writeFileAtomic(tokenPath, emulator.bootstrap.token.expose(), { mode: 0o600 });
    const project = await world.zitadel.projects.create({
      organizationId: world.emulator.bootstrap.organizationId,
      name: 'NetBird',
    });
    netbirdProject = project.id;
    await world.zitadel.projects.addRole(netbirdProject, { roleKey: 'user', displayName: 'User' });
    const { location, close } = await kind.location();
    drop = close;
    directory = await openDirectoryOn(world, location, {
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3, patienceMs: 0 },
    });
    const at = new Date();
    const { id: organizationId } = await directory.database.db
      .selectFrom('organizations')
      .select('id')
      .where('slug', '=', 'north')
      .executeTakeFirstOrThrow();
    await directory.database.transaction(async (trx) => {
      const integrationId = await putNetbirdIntegration(trx, {
        name: 'netbird',
        url: emulator.url,
        token: `file:${tokenPath}`,
        actor: 'test',
        at,
      });
      await putOrganizationNetbird(trx, {
        organizationId,
        integrationId,
        projectId: netbirdProject,
        groups: ['north'],
        roleGroups: { admin: ['admins'], manager: ['managers'] },
        at,
      });
    });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await drop();
    await netbird.close();
    await emulator.stop();
    await world.close();
  });
  afterEach(() => emulator.controls.reset());

  const wake = async (userId: string) => {
    const { last_run_id: runId } = await directory.database.db
      .selectFrom('users')
      .select('last_run_id')
      .where('id', '=', userId)
      .executeTakeFirstOrThrow();
    const run = runId ?? '';
    const jobs = { send: async () => undefined };
    await directory.database.transaction((trx) => wakeLate(trx, jobs, { now: Date.now } as never, run));
    // Its job was not sent: recovering is what finds such a run.
    await directory.database.db
      .updateTable('provisioning_runs')
      .set({ updated_at: new Date(0) })
      .where('id', '=', run)
      .execute();
    await directory.recover();
    return await settled(directory, run);
  };
  const groupsOf = async (userId: string) => {
    const user = await netbird.users.findBySubject(userId);
    const groups = await netbird.groups.list();
    return user?.autoGroups.map((id) => groups.find((group) => group.id === id)?.name).sort();
  };

  it('is granted at once, and its groups follow at the first sign-in, without holding the run', async () => {
    const run = await settled(
      directory,
      await createdRun(directory, { ...ada, email: 'first@north.example' }),
    );
    expect(run.state).toBe('waiting');
    expect(run.steps.at(-1)).toMatchObject({
      name: 'netbird',
      state: 'late',
      detail: 'waiting for first sign-in',
    });
    const authorizations = await world.zitadel.authorizations.list({ userId: run.userId }).all();
    expect(authorizations.map(({ project }) => project?.id)).toContain(netbirdProject);
    expect((await call(directory, 'root', 'GET', `/api/users/${run.userId}`)).body).toMatchObject({
      state: 'waiting',
    });

    await emulator.firstSignIn({ sub: run.userId, email: 'first@north.example' });
    expect(await wake(run.userId)).toMatchObject({ state: 'done' });
    expect(await groupsOf(run.userId)).toEqual(['managers', 'north']);
    expect((await call(directory, 'root', 'GET', `/api/users/${run.userId}`)).body).toMatchObject({
      state: 'active',
      netbirdState: 'active',
    });
  });

  it('follows the role, and leaves groups that somebody else gave', async () => {
    const id = await createdUser(directory, 'roles');
    await emulator.firstSignIn({ sub: id, email: 'roles@north.example' });
    await wake(id);
    const [extra] = await netbird.groups.ensure(['by-hand']);
    const user = await netbird.users.findBySubject(id);
    await netbird.users.change(user?.id ?? '', { autoGroups: [...(user?.autoGroups ?? []), extra ?? ''] });
    await changed(directory, 'PATCH', `/api/users/${id}`, { role: 'admin' });
    expect(await groupsOf(id)).toEqual(['admins', 'by-hand', 'north']);
  });

  it('is blocked with the user, devices too, and unblocked with them', async () => {
    const id = await createdUser(directory, 'blocked');
    const person = { sub: id, email: 'blocked@north.example' };
    await emulator.firstSignIn(person);
    await wake(id);
    await emulator.connectPeer(person, 'laptop');
    const devices = await call(directory, 'root', 'GET', `/api/users/${id}/devices`);
    expect(devices.body).toMatchObject({ items: [{ name: 'laptop' }] });
    await changed(directory, 'POST', `/api/zitadel/users/${id}/deactivate`);
    expect((await netbird.users.findBySubject(id))?.blocked).toBe(true);
    const [peer] = await netbird.peers.list();
    expect(peer?.loginExpired).toBe(true);
    await changed(directory, 'POST', `/api/zitadel/users/${id}/activate`);
    expect((await netbird.users.findBySubject(id))?.blocked).toBe(false);
  });

  it('away costs its own step and its own column, and nothing else', async () => {
    const id = await createdUser(directory, 'away');
    emulator.controls.set({ outage: true });
    const places = await call(directory, 'root', 'GET', `/api/users/${id}/places`);
    expect(places.body).toMatchObject({
      zitadel: { ok: true, state: 'active', roles: ['manager'] },
      netbird: { ok: false },
    });
  });

  it('is left first when the user goes', async () => {
    const id = await createdUser(directory, 'leaver');
    await emulator.firstSignIn({ sub: id, email: 'leaver@north.example' });
    await wake(id);
    const run = await changed(directory, 'DELETE', `/api/users/${id}`, { reason: 'left' });
    expect(run.steps.map(({ name }) => name)).toEqual(['token', 'netbird', 'zitadel_user', 'forget']);
    expect(await netbird.users.findBySubject(id)).toBeUndefined();
    expect(await world.zitadel.users.find(id)).toBeUndefined();
  });
});
