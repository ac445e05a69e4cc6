import { deactivatedByKey } from '@drawbridge/zitadel';
import type { Tenant } from '../integrations/index.ts';
import { stateWord } from '../provisioning/index.ts';
import type { There } from './decide.ts';
import type { SyncParts } from './parts.ts';

/** A user read here and in Zitadel, one right after the other. */
export interface Confirmed {
  readonly here: {
    readonly id: string;
    readonly organizationId: string;
    readonly zitadelUserId: string;
    readonly active: boolean;
    readonly deactivatedHere: boolean;
    readonly version: number;
  };
  /** `elsewhere`: it is in another organization there than here. */
  readonly there: There | 'elsewhere';
  readonly tenant: Tenant;
}

/**
 * Reads one user by id, which lists are no substitute for: Zitadel answers such a read from what is true now, and that the
 * user is gone is believed only next to a canary.
 *
 * @returns nothing where the user is not here, or was never provisioned
 * @throws {DrawbridgeError} `absence_unproved`, and whatever calls to Zitadel throw
 */
export async function confirm(
  { database, integrations }: Pick<SyncParts, 'database' | 'integrations'>,
  userId: string,
  signal: AbortSignal,
): Promise<Confirmed | undefined> {
  const row = await database.read((db) =>
    db
      .selectFrom('users')
      .select(['id', 'organization_id', 'zitadel_user_id', 'active', 'deactivated_here', 'version'])
      .where('id', '=', userId)
      .executeTakeFirst(),
  );
  if (!row || row.zitadel_user_id === null) return undefined;
  const tenant = await integrations.tenant(row.organization_id);
  const here = {
    id: row.id,
    organizationId: row.organization_id,
    zitadelUserId: row.zitadel_user_id,
    active: row.active,
    deactivatedHere: row.deactivated_here,
    version: row.version,
  };
  const call = { signal, priority: 'low' as const };
  const found = await tenant.zitadel.users.find(row.zitadel_user_id, call);
  if (found && found.organizationId !== tenant.organization.zitadel_org_id)
    return { here, there: 'elsewhere', tenant };
  const says = stateWord(found?.state);
  const marked = (says === 'inactive' && here.active) || (says === 'active' && !here.active);
  const metadata = marked ? await tenant.zitadel.users.metadata(row.zitadel_user_id, call) : undefined;
  return { here, there: { says, mark: markOf(metadata?.get(deactivatedByKey)) }, tenant };
}

function markOf(value: string | undefined): There['mark'] {
  if (value === undefined || value === '') return 'none';
  return value.startsWith('directory:') ? 'directory' : 'controller';
}
