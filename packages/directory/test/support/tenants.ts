import { join } from 'node:path';
import { addOrganization, type Directory } from '@drawbridge/directory';
import { writeFileAtomic } from '@drawbridge/kit';
import { createZitadel, parseServiceAccount } from '@drawbridge/zitadel';
import type { World } from './world.ts';

let made = 0;

/** A tenant of a test's own, in Zitadel and here. @returns its slug */
export async function newTenant(world: World, directory: Directory): Promise<string> {
  made += 1;
  const slug = `t${made}`;
  await world.zitadel.organizations.create({ organizationId: `org-${slug}`, name: slug });
  const { id } = await directory.database.db
    .selectFrom('system_integrations')
    .select('id')
    .executeTakeFirstOrThrow();
  await directory.database.transaction((trx) =>
    addOrganization(trx, {
      slug,
      name: slug,
      integrationId: id,
      zitadelOrgId: `org-${slug}`,
      actor: 'test',
      at: new Date(),
    }),
  );
  return slug;
}

/** Points the integration elsewhere for the time of some work. */
export async function withIntegration<T>(
  directory: Directory,
  change: { readonly issuer?: string; readonly address?: string; readonly service_account_json?: string },
  work: () => Promise<T>,
): Promise<T> {
  const { db } = directory.database;
  const before = await db
    .selectFrom('system_integrations')
    .select(['issuer', 'address', 'service_account_json'])
    .executeTakeFirstOrThrow();
  const set = (values: object) =>
    db
      .updateTable('system_integrations')
      .set({ ...values, updated_at: new Date() })
      .execute();
  await set(change);
  try {
    return await work();
  } finally {
    await set(before);
  }
}

/** A machine user with a key file of its own, and whatever role is asked for. @returns reference to the key */
export async function newAccount(
  world: World,
  role?: { readonly organizationId: string; readonly role: string },
): Promise<string> {
  made += 1;
  const name = `machine-${made}`;
  const { zitadel, emulator, folder } = world;
  const { id } = await zitadel.users.create({
    organizationId: emulator.bootstrap.organizationId,
    userId: name,
    username: name,
    machine: { name },
  });
  if (role)
    await zitadel.administrators.create({
      userId: id,
      resource: { organizationId: role.organizationId },
      roles: [role.role],
    });
  const { keyFile } = await zitadel.users.addKey(id, { expiresAt: new Date(Date.now() + 86_400_000) });
  if (!keyFile) throw new Error('no key was made');
  const path = join(folder, `${name}.json`);
  await writeFileAtomic(path, keyFile.expose(), { mode: 0o600 });
  // A first token shows that the key is known.
  const own = createZitadel({ issuer: emulator.issuer, credentials: parseServiceAccount(keyFile.expose()) });
  await own.token.get();
  await own.close();
  return `file:${path}`;
}
