import {
  addOrganization,
  type DatabaseLocation,
  type Directory,
  type DirectoryOptions,
  openDirectory,
  putSiteAdministrator,
  putZitadelIntegration,
} from '@drawbridge/directory';
import type { RunningEmulator } from '../zitadel/emulator.ts';

/** Subject of the site administrator, and so the token of the calls here. */
export const root = 'root';
const generous = { perSecond: 1_000_000, burst: 1_000_000 };

/** Opens a directory on an emulated Zitadel whose callers' names are their tokens, without limits for them. */
export async function openDirectoryOn(
  emulator: RunningEmulator,
  database: DatabaseLocation,
  options: Partial<DirectoryOptions> = {},
): Promise<Directory> {
  return await openDirectory({
    database,
    port: 0,
    authenticator: { subjectOf: async (token) => token },
    env: { KEY: emulator.key, SECRET: 'unused' },
    limits: { address: generous, reads: generous, writes: generous },
    ...options,
  });
}

/** Sets an integration, its application project and one mapped organization up. @returns the organization's id */
export async function addTenant(emulator: RunningEmulator, { database }: Directory): Promise<string> {
  const at = new Date();
  const zitadel = emulator.client();
  const project = await zitadel.projects.create({
    organizationId: emulator.organizationId,
    name: 'Application',
  });
  for (const roleKey of ['admin', 'manager', 'user'])
    await zitadel.projects.addRole(project.id, { roleKey, displayName: roleKey });
  await zitadel.organizations.create({ organizationId: 'north', name: 'north' });
  await zitadel.close();
  return await database.transaction(async (trx) => {
    await putSiteAdministrator(trx, root, 'bench', at);
    const integrationId = await putZitadelIntegration(trx, {
      name: 'main',
      issuer: emulator.issuer,
      projectId: project.id,
      clientId: 'unused',
      clientSecret: 'env:SECRET',
      serviceAccount: 'env:KEY',
      actor: 'bench',
      at,
    });
    return await addOrganization(trx, {
      slug: 'north',
      name: 'north',
      integrationId,
      zitadelOrgId: 'north',
      actor: 'bench',
      at,
    });
  });
}

/** Calls the directory's API as the site administrator. @throws unless it answers with success */
export async function ask(
  { url }: Directory,
  path: string,
  init: { readonly method?: string; readonly body?: unknown } = {},
): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, {
    method: init.method ?? 'GET',
    headers: { authorization: `Bearer ${root}`, 'content-type': 'application/json' },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text) as unknown;
}
