import type { Saga, Step } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';
import { administratorStep } from '../steps/administrator.ts';
import { isKnown, readKnownUser } from '../steps/known-user.ts';
import { membershipsStep } from '../steps/memberships.ts';
import { organizationStep } from '../steps/organization.ts';
import { gatherPermissions, permissionsStep } from '../steps/permissions.ts';
import { tokenStep } from '../steps/token.ts';

/** What a run that adds or changes a membership was asked for. */
export interface MembershipInput {
  readonly role: string;
}

/** The saga behind `POST /api/zitadel/projects/{id}/members`: the user enters a tenant by authorization, wherever at home. */
export function addMembershipSaga(parts: SagaParts): Saga<MembershipInput> {
  const { integrations } = parts;
  return {
    name: 'add-membership',
    steps: [
      tokenStep(integrations),
      organizationStep(integrations),
      subjectStep(parts),
      membershipsStep(integrations),
      administratorStep(integrations),
      permissionsStep(),
    ],
  };
}

/** The saga behind `DELETE /api/zitadel/projects/{id}/members/{userId}`. */
export function removeMembershipSaga(parts: SagaParts): Saga<Record<string, never>> {
  return { name: 'remove-membership', steps: [tokenStep(parts.integrations), withdrawStep(parts)] };
}

/** The user is there, in its home organization. */
function subjectStep<Input>(parts: SagaParts): Step<Input, { readonly zitadelUserId: string }> {
  return {
    name: 'zitadel_user',
    title: 'zitadel user',
    place: 'zitadel',
    key: ({ runId }) => `${runId}/user`,
    async call(context) {
      const found = await readKnownUser(parts, context);
      if (!isKnown(found)) return found;
      const { zitadelUserId, user } = found;
      if (!user)
        return { outcome: 'attention', code: 'user_gone', reason: 'The user is no longer in Zitadel.' };
      return { outcome: 'done', output: { zitadelUserId }, detail: zitadelUserId };
    },
  };
}

/** The user has no authorization in the organization any more, and no membership here. */
function withdrawStep({ database, integrations }: SagaParts): Step<Record<string, never>> {
  return {
    name: 'memberships',
    title: 'memberships',
    place: 'zitadel',
    key: ({ organizationId, userId }) => `withdraw/${organizationId}/${userId}`,
    async call({ organizationId, userId, scope, signal }) {
      const row = await database.read((db) =>
        db
          .selectFrom('memberships')
          .innerJoin('users', 'users.id', 'memberships.user_id')
          .select([
            'memberships.zitadel_authorization_id',
            'memberships.netbird_authorization_id',
            'memberships.zitadel_administrator',
            'users.zitadel_user_id',
          ])
          .where('user_id', '=', userId)
          .where('memberships.organization_id', '=', organizationId)
          .executeTakeFirst(),
      );
      if (!row) return { outcome: 'done', output: null, detail: 'none' };
      const { zitadel, site, organization } = await integrations.tenant(organizationId, scope);
      for (const id of [row.netbird_authorization_id, row.zitadel_authorization_id])
        if (id !== null) await zitadel.authorizations.remove(id, { signal });
      if (row.zitadel_administrator && row.zitadel_user_id !== null) {
        const resource = { organizationId: organization.zitadel_org_id };
        await site.administrators.remove(row.zitadel_user_id, resource, { signal });
      }
      return { outcome: 'done', output: null, detail: 'withdrawn' };
    },
    async record(trx, { organizationId, userId }) {
      await trx
        .deleteFrom('memberships')
        .where('user_id', '=', userId)
        .where('organization_id', '=', organizationId)
        .where('home', '=', false)
        .execute();
      await gatherPermissions(trx, userId);
    },
  };
}
