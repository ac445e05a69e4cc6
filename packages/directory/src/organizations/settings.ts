import { DrawbridgeError, type Secret } from '@drawbridge/kit';
import { recordAudit } from '../audit/index.ts';
import type { Database, SignInMethod } from '../database/index.ts';
import { keepSecret } from '../integrations/index.ts';
import type { Sealer } from '../sealing/index.ts';
import type { Organization } from './organizations.ts';

/** Settings of an organization as they are to be; what is absent stays. */
export interface OrganizationChange {
  readonly name?: string;
  readonly signIn?: SignInMethod;
  readonly identityProviderId?: string | null;
  readonly netbirdIntegrationId?: string | null;
  readonly netbirdGroups?: readonly string[];
  readonly netbirdRoleGroups?: Readonly<Record<string, readonly string[]>>;
  readonly adminsManageUsers?: boolean;
  /** Key of the organization's own service account, or a reference to it; null goes back to the integration's. */
  readonly serviceAccount?: Secret | null;
}

export interface ChangedBy {
  readonly actor: string;
  readonly reason: string;
  readonly requestId?: string;
  readonly at: Date;
}

/**
 * Changes an organization's settings. Users are not touched: the sweep brings them in line.
 *
 * @throws {DrawbridgeError} `not_found`, `precondition_failed`, `invalid_request`, `invalid_settings` where a key would have to be sealed and cannot be
 */
export async function changeOrganization(
  database: Database,
  sealer: Sealer,
  id: string,
  change: OrganizationChange,
  { actor, reason, requestId, at }: ChangedBy,
  version?: number,
): Promise<Organization> {
  return await database.transaction(async (trx) => {
    const before = await trx
      .selectFrom('organizations')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!before) throw new DrawbridgeError('not_found');
    if (version !== undefined && before.version !== version) throw new DrawbridgeError('precondition_failed');
    const { serviceAccount, netbirdGroups, netbirdRoleGroups } = change;
    const place = { purpose: 'organizations.service_account_json', row: id };
    const after = await trx
      .updateTable('organizations')
      .set({
        name: change.name ?? before.name,
        sign_in: change.signIn ?? before.sign_in,
        identity_provider_id:
          change.identityProviderId === undefined ? before.identity_provider_id : change.identityProviderId,
        netbird_integration_id:
          change.netbirdIntegrationId === undefined
            ? before.netbird_integration_id
            : change.netbirdIntegrationId,
        netbird_groups: JSON.stringify(netbirdGroups ?? before.netbird_groups),
        netbird_role_groups: JSON.stringify(netbirdRoleGroups ?? before.netbird_role_groups),
        admins_manage_users: change.adminsManageUsers ?? before.admins_manage_users,
        service_account_json:
          serviceAccount === undefined
            ? before.service_account_json
            : serviceAccount && keepSecret(serviceAccount, place, sealer),
        version: before.version + 1,
        updated_at: at,
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow();
    if (after.sign_in === 'idp' && after.identity_provider_id === null) {
      throw new DrawbridgeError('invalid_request', {
        problems: [{ field: 'identityProviderId', message: 'is needed for the sign-in "idp"' }],
      });
    }
    await recordAudit(trx, {
      organizationId: id,
      actor,
      action: 'organization.change',
      objectType: 'organization',
      objectId: id,
      from: audited(before),
      to: audited(after),
      reason,
      ...(requestId === undefined ? {} : { requestId }),
      at,
    });
    return after;
  });
}

/** What the audit keeps of an organization: whether it has a key of its own, never the key. */
function audited(organization: Organization) {
  const { name, sign_in, identity_provider_id, netbird_integration_id } = organization;
  const { netbird_groups, netbird_role_groups, admins_manage_users, service_account_json } = organization;
  return {
    name,
    signIn: sign_in,
    identityProviderId: identity_provider_id,
    netbirdIntegrationId: netbird_integration_id,
    netbirdGroups: netbird_groups,
    netbirdRoleGroups: netbird_role_groups,
    adminsManageUsers: admins_manage_users,
    ownServiceAccount: service_account_json !== null,
  };
}
