import type { FoundUser } from '@drawbridge/zitadel';
import type { Tenant } from '../../integrations/index.ts';
import type { StepContext, StepResult } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';

/** A user of ours as it stands in Zitadel now; `user` is missing where its absence was proved. */
export interface KnownUser {
  readonly tenant: Tenant;
  readonly zitadelUserId: string;
  readonly user: FoundUser | undefined;
}

/**
 * Reads the user of a run in Zitadel, in the organization that is its home.
 *
 * @returns the user, or how the step ends that cannot go on with it
 */
export async function readKnownUser<Input>(
  { database, integrations }: SagaParts,
  { userId, signal, scope }: Pick<StepContext<Input>, 'userId' | 'signal' | 'scope'>,
): Promise<KnownUser | StepResult<never>> {
  const row = await database.read((db) =>
    db
      .selectFrom('users')
      .select(['zitadel_user_id', 'organization_id'])
      .where('id', '=', userId)
      .executeTakeFirst(),
  );
  if (!row?.zitadel_user_id) {
    return {
      outcome: 'attention',
      code: 'user_not_provisioned',
      reason: 'The user was never created in Zitadel. Resume or compensate the run that creates it first.',
    };
  }
  const tenant = await integrations.tenant(row.organization_id, scope);
  const user = await tenant.zitadel.users.find(row.zitadel_user_id, { signal });
  if (user && user.organizationId !== tenant.organization.zitadel_org_id) {
    return {
      outcome: 'quarantined',
      code: 'wrong_organization',
      reason: `User ${user.userId} is in organization ${user.organizationId}, not in ${tenant.organization.zitadel_org_id}. Nothing was changed.`,
    };
  }
  return { tenant, zitadelUserId: row.zitadel_user_id, user };
}

/** Whether {@link readKnownUser} found a user, rather than the end of the step. */
export function isKnown(found: KnownUser | StepResult<never>): found is KnownUser {
  return 'tenant' in found;
}
