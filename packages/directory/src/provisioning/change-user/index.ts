import type { Saga, Step } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';
import { administratorStep } from '../steps/administrator.ts';
import { isKnown, readKnownUser } from '../steps/known-user.ts';
import { membershipsStep } from '../steps/memberships.ts';
import { netbirdStep } from '../steps/netbird.ts';
import { organizationStep } from '../steps/organization.ts';
import { permissionsStep } from '../steps/permissions.ts';
import { tokenStep } from '../steps/token.ts';

/** What a `change-user` run was asked for: the names and the role as they are to be. */
export interface ChangeUserInput {
  readonly givenName: string;
  readonly familyName: string;
  readonly role: string;
}

interface ProfileOutput {
  readonly zitadelUserId: string;
  readonly before: { readonly givenName: string; readonly familyName: string };
}

/** The saga behind `PATCH /api/users/{id}`. */
export function changeUserSaga(parts: SagaParts): Saga<ChangeUserInput> {
  const { integrations } = parts;
  return {
    name: 'change-user',
    steps: [
      tokenStep(integrations),
      organizationStep(integrations),
      profileStep(parts),
      membershipsStep(integrations),
      administratorStep(integrations),
      permissionsStep(),
      netbirdStep(parts),
    ],
  };
}

/** The user has these names in Zitadel. */
function profileStep(parts: SagaParts): Step<ChangeUserInput, ProfileOutput> {
  return {
    name: 'zitadel_user',
    title: 'zitadel user',
    place: 'zitadel',
    undo: 'gives the former names back',
    key: ({ runId, userId }) => `profile/${userId}/${runId}`,
    async call(context) {
      const { input, signal } = context;
      const found = await readKnownUser(parts, context);
      if (!isKnown(found)) return found;
      const { tenant, zitadelUserId, user } = found;
      if (!user) {
        return {
          outcome: 'attention',
          code: 'user_gone',
          reason: 'The user is no longer in Zitadel. Create it anew.',
        };
      }
      const { givenName, familyName } = input;
      const profile = { givenName, familyName, displayName: `${givenName} ${familyName}` };
      await tenant.zitadel.users.update(zitadelUserId, { human: { profile } }, { signal });
      const before = {
        givenName: user.human?.profile?.givenName ?? givenName,
        familyName: user.human?.profile?.familyName ?? familyName,
      };
      return { outcome: 'done', output: { zitadelUserId, before }, detail: `${givenName} ${familyName}` };
    },
    async record(trx, { userId, input }) {
      await trx
        .updateTable('users')
        .set((column) => ({
          given_name: input.givenName,
          family_name: input.familyName,
          version: column('version', '+', 1),
          updated_at: new Date(parts.clock.now()),
        }))
        .where('id', '=', userId)
        .execute();
    },
    async compensate(context, { zitadelUserId, before }) {
      const { zitadel } = await parts.integrations.tenant(context.organizationId, context.scope);
      const profile = { ...before, displayName: `${before.givenName} ${before.familyName}` };
      await zitadel.users.update(zitadelUserId, { human: { profile } }, { signal: context.signal });
    },
  };
}
