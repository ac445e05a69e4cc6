import { randomBytes } from 'node:crypto';
import type { Directory } from '@drawbridge/directory';
import { Secret } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases } from './support/databases.ts';
import { changed, createdUser } from './support/lifecycle.ts';
import { ada, call, openDirectoryOn, openWorld, type World } from './support/world.ts';

describe.each(databases)('a new user ends able to sign in, on $name', (kind) => {
  let world: World;
  let directory: Directory;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    world = await openWorld();
    const { location, close } = await kind.location();
    drop = close;
    directory = await openDirectoryOn(world, location, {
      secretKeys: [new Secret(randomBytes(32).toString('base64'))],
      engine: { retryBaseMs: 5, retryMaxMs: 20, attempts: 3, patienceMs: 0 },
    });
    await directory.start();
  });
  afterAll(async () => {
    await directory.stop();
    await drop();
    await world.close();
  });

  const settings = async (change: object) => {
    const answer = await call(directory, 'root', 'PATCH', '/api/organizations/north', {
      ...change,
      reason: 'test',
    });
    expect(answer.status).toBe(200);
  };
  const everywhere = async () => {
    const tables = ['provisioning_runs', 'provisioning_steps', 'audit', 'users', 'idempotency_keys'] as const;
    const rows = await Promise.all(
      tables.map((table) => directory.database.db.selectFrom(table).selectAll().execute()),
    );
    return JSON.stringify(rows);
  };

  it('by a mail, whose code proves the address', async () => {
    const id = await createdUser(directory, 'by-mail');
    const [mail] = world.emulator.mails.filter(({ to }) => to === 'by-mail@north.example');
    await world.zitadel.users.verifyEmail(id, new Secret(mail?.code ?? ''));
    expect((await world.zitadel.users.get(id)).human?.email?.isVerified).toBe(true);
  });

  it('by a password, which is to be changed, and is kept nowhere once Zitadel has it', async () => {
    const password = 'Correct-Horse-7!';
    const id = await createdUser(directory, 'by-password', { signIn: 'password', password });
    const session = await world.zitadel.sessions.create({
      checks: { user: { userId: id }, password: { password } },
    });
    expect(session).toMatchObject({ id: expect.any(String) });
    expect((await world.zitadel.users.get(id)).human?.passwordChangeRequired).toBe(true);
    const kept = await everywhere();
    expect(kept).not.toContain(password);
    expect(kept).not.toContain('sealed:');
  });

  it('by an identity provider, without a mail, where the organization says so', async () => {
    const provider = { name: 'corporate', issuer: 'https://idp.example', clientId: 'x', clientSecret: 'y' };
    const added = await world.zitadel.transport.rest('POST', '/admin/v1/idps/generic_oidc', provider);
    const { id: idpId } = added as { id: string };
    await settings({ signIn: 'idp', identityProviderId: idpId });
    const missing = await call(directory, 'root', 'POST', '/api/users', {
      ...ada,
      email: 'no-id@north.example',
    });
    expect(missing).toMatchObject({ status: 400, body: { problems: [{ field: 'identityProviderUserId' }] } });
    const id = await createdUser(directory, 'by-idp', { identityProviderUserId: 'corporate-7' });
    const links = await world.zitadel.users.listIdpLinks(id).all();
    expect(links).toMatchObject([{ idpId, userId: 'corporate-7' }]);
    expect(world.emulator.mails.filter(({ to }) => to === 'by-idp@north.example')).toEqual([]);
    await settings({ signIn: 'invite' });
  });

  it('as what was asked for and nothing else', async () => {
    const wrong = await call(directory, 'root', 'POST', '/api/users', {
      ...ada,
      email: 'odd@north.example',
      password: 'x',
    });
    expect(wrong).toMatchObject({ status: 400, body: { problems: [{ field: 'password' }] } });
  });

  it('and, an admin where the organization wants that, to manage its users in Zitadel too', async () => {
    await settings({ adminsManageUsers: true });
    const roles = async (userId: string) =>
      (await world.zitadel.administrators.list({ userId }).all()).flatMap((one) => one.roles ?? []);
    const admin = await createdUser(directory, 'chief', { role: 'admin' });
    const second = await createdUser(directory, 'deputy', { role: 'admin' });
    const plain = await createdUser(directory, 'plain');
    expect(await roles(admin)).toEqual(['ORG_USER_MANAGER']);
    expect(await roles(plain)).toEqual([]);
    // Taken away with the role; what somebody else gave is left.
    await changed(directory, 'PATCH', `/api/users/${admin}`, { role: 'user' });
    expect(await roles(admin)).toEqual([]);
    await world.zitadel.administrators.create({
      userId: plain,
      resource: { organizationId: 'org-north' },
      roles: ['ORG_OWNER'],
    });
    await changed(directory, 'PATCH', `/api/users/${plain}`, { role: 'user' });
    expect(await roles(plain)).toEqual(['ORG_OWNER']);
    expect(await roles(second)).toEqual(['ORG_USER_MANAGER']);
  });
});
