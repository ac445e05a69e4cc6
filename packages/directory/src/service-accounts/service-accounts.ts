import { DrawbridgeError, type Secret } from '@drawbridge/kit';
import type { FoundUser, Zitadel } from '@drawbridge/zitadel';
import type { Tenant } from '../integrations/index.ts';
import { stateWord } from '../provisioning/index.ts';

/** A machine user of an organization, with its keys. */
export interface ServiceAccount {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly state: string;
  /** Roles of administrators it has, where we may read them. */
  readonly roles: readonly string[];
  readonly keys: readonly {
    readonly id: string;
    readonly createdAt: string | null;
    readonly expiresAt: string | null;
  }[];
}

/** The machine users of a tenant: three lists, however many there are. */
export async function listServiceAccounts(
  { zitadel, site, organization }: Tenant,
  signal: AbortSignal,
): Promise<ServiceAccount[]> {
  const organizationId = organization.zitadel_org_id;
  const queries = [{ typeQuery: { type: 'TYPE_MACHINE' as const } }];
  const users = await zitadel.users.list({ organizationId, queries }, { signal }).all();
  const keys = await zitadel.users.listKeys({ organizationId }, { signal }).all();
  const roles = await rolesOf(site, signal);
  const keysOf = Map.groupBy(keys, ({ userId }) => userId ?? '');
  return users.map((user) => ({
    id: user.userId,
    name: user.machine?.name ?? user.username ?? user.userId,
    description: user.machine?.description ?? null,
    state: stateWord(user.state),
    roles: roles.get(user.userId) ?? [],
    keys: (keysOf.get(user.userId) ?? []).map((key) => ({
      id: key.id,
      createdAt: key.creationDate ?? null,
      expiresAt: key.expirationDate ?? null,
    })),
  }));
}

/**
 * Makes a key for a machine user of a tenant.
 *
 * @returns the key file; Zitadel does not show it again
 * @throws {DrawbridgeError} `not_found` unless it is a machine user of that tenant
 */
export async function addServiceAccountKey(
  tenant: Tenant,
  accountId: string,
  expiresAt: Date,
  signal: AbortSignal,
): Promise<{ readonly keyId: string; readonly keyFile: Secret }> {
  await requireOwn(tenant, accountId, signal);
  const { keyId, keyFile } = await tenant.zitadel.users.addKey(accountId, { expiresAt }, { signal });
  if (!keyFile) throw new DrawbridgeError('invalid_response', { message: 'Zitadel made no private key.' });
  return { keyId, keyFile };
}

/** Removes a key; whatever uses it stops at once. @throws {DrawbridgeError} `not_found` */
export async function removeServiceAccountKey(
  tenant: Tenant,
  accountId: string,
  keyId: string,
  signal: AbortSignal,
): Promise<void> {
  await requireOwn(tenant, accountId, signal);
  const { changed } = await tenant.zitadel.users.removeKey(accountId, keyId, { signal });
  if (!changed) throw new DrawbridgeError('not_found', { message: `No key ${keyId} here.` });
}

/** An id alone proves nothing: the account has to be a machine of this very organization. */
async function requireOwn(
  { zitadel, organization }: Tenant,
  accountId: string,
  signal: AbortSignal,
): Promise<FoundUser> {
  const user = await zitadel.users.find(accountId, { signal });
  if (user?.machine && user.organizationId === organization.zitadel_org_id) return user;
  throw new DrawbridgeError('not_found', { message: `No service account ${accountId} here.` });
}

async function rolesOf(site: Zitadel, signal: AbortSignal): Promise<ReadonlyMap<string, string[]>> {
  const found = await site.administrators.list({}, { signal }).all();
  const roles = new Map<string, string[]>();
  for (const { user, roles: given = [] } of found)
    roles.set(user.id ?? '', [...(roles.get(user.id ?? '') ?? []), ...given]);
  return roles;
}
