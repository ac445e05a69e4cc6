import { DrawbridgeError, type Secret } from '@drawbridge/kit';
import type { FoundUser, Zitadel } from '@drawbridge/zitadel';
import type { IntegrationRegistry, Tenant } from '../integrations/index.ts';
import { stateWord } from '../provisioning/index.ts';
import { type OwnAccount, ownAccounts } from './jobs.ts';
import { compareRoles, type HeldRole, heldOf, namesOf, type RoleReport } from './roles.ts';

/** A machine user of an organization, with its keys. */
export interface ServiceAccount {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly state: string;
  /**
   * Of an account that this directory signs in as: what it has against what that takes. Of any other, whose job is not
   * known here, the roles of administrators alone, as far as we may read them.
   */
  readonly roles: RoleReport | Pick<RoleReport, 'has'>;
  readonly keys: readonly {
    readonly id: string;
    readonly createdAt: string | null;
    readonly expiresAt: string | null;
  }[];
}

/** The machine users of a tenant: three lists, however many there are, and one question to each account of our own. */
export async function listServiceAccounts(
  integrations: IntegrationRegistry,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<ServiceAccount[]> {
  const { zitadel, site, organization } = tenant;
  const organizationId = organization.zitadel_org_id;
  const queries = [{ typeQuery: { type: 'TYPE_MACHINE' as const } }];
  const users = await zitadel.users.list({ organizationId, queries }, { signal }).all();
  const keys = await zitadel.users.listKeys({ organizationId }, { signal }).all();
  const listed = await rolesOf(site, signal);
  const own = await ownAccounts(integrations, tenant);
  const keysOf = Map.groupBy(keys, ({ userId }) => userId ?? '');
  return await Promise.all(
    users.map(async (user) => {
      const account = own.get(user.userId);
      const report = account && (await reportOf(account, organizationId, signal));
      return {
        id: user.userId,
        name: user.machine?.name ?? user.username ?? user.userId,
        description: user.machine?.description ?? null,
        state: stateWord(user.state),
        roles: report ?? { has: namesOf(listed.get(user.userId) ?? [], organizationId) },
        keys: (keysOf.get(user.userId) ?? []).map((key) => ({
          id: key.id,
          createdAt: key.creationDate ?? null,
          expiresAt: key.expirationDate ?? null,
        })),
      };
    }),
  );
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

/** Asked by the account itself: others need not be shown its roles. Nothing where it cannot sign in. */
async function reportOf(
  account: OwnAccount,
  organizationId: string,
  signal: AbortSignal,
): Promise<RoleReport | undefined> {
  try {
    const own = await account.zitadel.administrators.own({ signal });
    const held = own.flatMap(({ roles, resource }) => roles.map((role) => ({ role, resource })));
    return compareRoles(held, account, organizationId);
  } catch (error) {
    if (error instanceof DrawbridgeError) return undefined;
    throw error;
  }
}

async function rolesOf(site: Zitadel, signal: AbortSignal): Promise<ReadonlyMap<string, HeldRole[]>> {
  const roles = new Map<string, HeldRole[]>();
  for await (const found of site.administrators.list({}, { signal })) {
    const id = found.user.id ?? '';
    roles.set(id, [...(roles.get(id) ?? []), ...heldOf(found)]);
  }
  return roles;
}
