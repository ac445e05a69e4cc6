import { DrawbridgeError } from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';
import type { IntegrationRegistry, Tenant } from '../integrations/index.ts';
import type { NeededRole, RoleDemand } from './roles.ts';

/** An account that this directory signs in as, and what its work takes. */
export interface OwnAccount extends RoleDemand {
  /** The client that signs in as the account, so that it can be asked about itself. */
  readonly zitadel: Zitadel;
}

/**
 * The accounts of an integration that this directory signs in as, by user id: its own one, and those of organizations
 * that have one. An account whose key cannot be read is left out, as nothing tells which it is.
 */
export async function ownAccounts(
  integrations: IntegrationRegistry,
  { site, organization }: Tenant,
): Promise<ReadonlyMap<string, OwnAccount>> {
  const organizations = await integrations.database.read((db) =>
    db
      .selectFrom('organizations')
      .select(['id', 'zitadel_org_id', 'service_account_json', 'admins_manage_users'])
      .where('integration_id', '=', organization.integration_id)
      .orderBy('created_at')
      .execute(),
  );
  const namesAdministrators = organizations.some((one) => one.admins_manage_users);
  const jobs: OwnAccount[] = [siteJob(site, namesAdministrators)];
  for (const { id, zitadel_org_id: organizationId, service_account_json: key } of organizations) {
    if (key === null || organizationId === null) continue;
    const zitadel = await readable(integrations.tenant(id).then((tenant) => tenant.zitadel));
    if (zitadel) jobs.push({ zitadel, needs: [{ role: 'ORG_USER_MANAGER', organizationId }], useful: [] });
  }
  const accounts = new Map<string, OwnAccount>();
  for (const { zitadel, needs, useful } of jobs) {
    const id = await readable(zitadel.token.userId());
    if (id === undefined) continue;
    const known = accounts.get(id);
    accounts.set(id, {
      zitadel,
      needs: [...(known?.needs ?? []), ...needs],
      useful: [...(known?.useful ?? []), ...useful],
    });
  }
  return accounts;
}

/**
 * The integration's own account gives out roles and project grants over all organizations. Making admins administrators
 * in Zitadel too takes a role that may name administrators. Reading events makes all of it faster.
 */
function siteJob(zitadel: Zitadel, namesAdministrators: boolean): OwnAccount {
  const needs: NeededRole[] = [{ role: namesAdministrators ? 'IAM_ORG_MANAGER' : 'IAM_USER_MANAGER' }];
  return { zitadel, needs, useful: [{ role: 'IAM_OWNER_VIEWER' }] };
}

async function readable<T>(value: Promise<T>): Promise<T | undefined> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof DrawbridgeError) return undefined;
    throw error;
  }
}
