import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Secret } from '@drawbridge/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Directory } from '../src/index.ts';
import { databases } from './support/databases.ts';
import { changed, createdUser } from './support/lifecycle.ts';
import { newAccount, newTenant, withIntegration } from './support/tenants.ts';
import { call, openDirectoryOn, openWorld, type World } from './support/world.ts';

interface Listed {
  readonly id: string;
  readonly roles: {
    readonly has: readonly string[];
    readonly needs?: readonly string[];
    readonly missing?: readonly string[];
    readonly superfluous?: readonly string[];
  };
  readonly keys: readonly { readonly id: string }[];
}

describe.each(databases)('service accounts on $name', (kind) => {
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
    // Accounts of these tests live in the first organization of the instance, which is a tenant too.
    const { id } = await directory.database.db
      .selectFrom('system_integrations')
      .select('id')
      .executeTakeFirstOrThrow();
    await directory.database.db
      .updateTable('organizations')
      .set({ zitadel_org_id: world.emulator.bootstrap.organizationId })
      .where('slug', '=', 'unmapped')
      .where('integration_id', '=', id)
      .execute();
  });
  afterAll(async () => {
    await directory.stop();
    await drop();
    await world.close();
  });

  const listed = async (): Promise<readonly Listed[]> => {
    const answer = await call(directory, 'root', 'GET', '/api/service-accounts?organization=unmapped');
    expect(answer.status).toBe(200);
    return answer.body.items as Listed[];
  };
  const rolesOf = async (id: string | undefined) => (await listed()).find((one) => one.id === id)?.roles;
  /** A machine user with a key and roles over the instance. */
  const account = async (...roles: string[]) => {
    const key = await newAccount(world);
    const id = /([^/]+)\.json$/.exec(key)?.[1] ?? '';
    if (roles.length > 0)
      await world.zitadel.administrators.create({ userId: id, resource: { instance: true }, roles });
    return { key, id };
  };
  const asSite = async <T>(key: string, work: () => Promise<T>) =>
    await withIntegration(directory, { service_account_json: key }, work);

  it('are shown the roles their work takes, what lacks and what is too much, of our own accounts', async () => {
    const exact = await account('IAM_USER_MANAGER');
    expect(await asSite(exact.key, () => rolesOf(exact.id))).toEqual({
      has: ['IAM_USER_MANAGER'],
      needs: ['IAM_USER_MANAGER'],
      missing: [],
      superfluous: [],
    });
    const both = await account('IAM_USER_MANAGER', 'IAM_OWNER_VIEWER', 'IAM_OWNER');
    expect(await asSite(both.key, () => rolesOf(both.id))).toEqual({
      has: ['IAM_USER_MANAGER', 'IAM_OWNER_VIEWER', 'IAM_OWNER'],
      needs: ['IAM_USER_MANAGER'],
      missing: [],
      superfluous: ['IAM_OWNER'],
    });
    const reader = await account('IAM_OWNER_VIEWER');
    expect(await asSite(reader.key, () => rolesOf(reader.id))).toMatchObject({
      has: ['IAM_OWNER_VIEWER'],
      missing: ['IAM_USER_MANAGER'],
      superfluous: [],
    });
  });

  it('hold a greater role for the lesser one, and never call superfluous what the work rests on', async () => {
    const owner = await account('IAM_OWNER');
    expect(await asSite(owner.key, () => rolesOf(owner.id))).toEqual({
      has: ['IAM_OWNER'],
      needs: ['IAM_USER_MANAGER'],
      missing: [],
      superfluous: [],
    });
  });

  it('need more where admins of an organization become administrators in Zitadel', async () => {
    const { key, id } = await account('IAM_USER_MANAGER');
    const settings = (adminsManageUsers: boolean) =>
      call(directory, 'root', 'PATCH', '/api/organizations/north', { adminsManageUsers, reason: 'test' });
    expect((await settings(true)).status).toBe(200);
    try {
      expect(await asSite(key, () => rolesOf(id))).toMatchObject({
        needs: ['IAM_ORG_MANAGER'],
        missing: ['IAM_ORG_MANAGER'],
      });
    } finally {
      await settings(false);
    }
  });

  it('of an organization need ORG_USER_MANAGER there and nowhere else, and that is enough', async () => {
    const slug = await newTenant(world, directory);
    const key = await newAccount(world, { organizationId: `org-${slug}`, role: 'ORG_USER_MANAGER' });
    const elsewhere = await newAccount(world, { organizationId: 'org-south', role: 'ORG_OWNER' });
    const delegate = async (serviceAccount: string) => {
      const answer = await call(directory, 'root', 'PATCH', `/api/organizations/${slug}`, {
        serviceAccount,
        reason: 'test',
      });
      expect(answer.status).toBe(200);
    };
    const idOf = (reference: string) => /([^/]+)\.json$/.exec(reference)?.[1];
    await delegate(elsewhere);
    const needed = `ORG_USER_MANAGER of org-${slug}`;
    expect(await rolesOf(idOf(elsewhere))).toEqual({
      has: ['ORG_OWNER of org-south'],
      needs: [needed],
      missing: [needed],
      superfluous: ['ORG_OWNER of org-south'],
    });
    await delegate(key);
    expect(await rolesOf(idOf(key))).toEqual({
      has: [needed],
      needs: [needed],
      missing: [],
      superfluous: [],
    });
    const user = await createdUser(directory, 'delegated', { organization: slug });
    const off = await changed(directory, 'POST', `/api/zitadel/users/${user}/deactivate`, { reason: 'test' });
    expect(off.state).toBe('done');
    expect((await world.zitadel.users.get(user)).state).toBe('USER_STATE_INACTIVE');
    const on = await changed(directory, 'POST', `/api/zitadel/users/${user}/activate`, { reason: 'test' });
    expect(on.state).toBe('done');
    const editors = [...world.emulator.events]
      .filter((event) => event.aggregateId === user)
      .map(({ editor }) => editor);
    expect(new Set(editors)).toEqual(new Set([idOf(key)]));
  });

  it('of others are shown what they have, and no need that nobody knows', async () => {
    const foreign = await account('IAM_OWNER_VIEWER');
    expect(await rolesOf(foreign.id)).toEqual({ has: ['IAM_OWNER_VIEWER'] });
    // One whose key is gone cannot be told from a foreign one.
    const gone = await account('IAM_USER_MANAGER');
    await directory.database.db
      .updateTable('organizations')
      .set({ service_account_json: gone.key, updated_at: new Date() })
      .where('slug', '=', 'south')
      .execute();
    await rm(gone.key.slice('file:'.length));
    try {
      expect(await rolesOf(gone.id)).toEqual({ has: ['IAM_USER_MANAGER'] });
    } finally {
      await directory.database.db
        .updateTable('organizations')
        .set({ service_account_json: null, updated_at: new Date() })
        .where('slug', '=', 'south')
        .execute();
    }
  });

  it('lose a key for a reason only, which stands in the audit', async () => {
    const { id } = await account();
    const [key] = (await listed()).find((one) => one.id === id)?.keys ?? [];
    const path = `/api/service-accounts/${id}/keys/${key?.id}?organization=unmapped`;
    for (const body of [undefined, {}, { reason: ' ' }]) {
      expect(await call(directory, 'root', 'DELETE', path, body)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
    }
    const removed = await fetch(`${directory.url}${path}`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer root', 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'the laptop was lost' }),
    });
    expect(removed.status).toBe(204);
    expect((await listed()).find((one) => one.id === id)?.keys).toEqual([]);
    const audit = await call(directory, 'root', 'GET', '/api/audit?organization=unmapped');
    expect(audit.body.items).toContainEqual(
      expect.objectContaining({ action: 'service_account.key_remove', reason: 'the laptop was lost' }),
    );
  });
});
