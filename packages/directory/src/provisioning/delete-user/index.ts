import { readOwner } from '@drawbridge/zitadel';
import { forgetUser } from '../../people/index.ts';
import type { Saga, Step } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';
import { netbirdUserOf } from '../steps/netbird-user.ts';
import { tokenStep } from '../steps/token.ts';

/** What a `delete-user` run was asked for. */
export interface DeleteUserInput {
  readonly actor: string;
  readonly reason: string;
  /** Also take the person's name out of runs, events and the audit. */
  readonly erase: boolean;
}

/** The saga behind `DELETE /api/users/{id}` and the erasure of a person. Leaving goes NetBird first. */
export function deleteUserSaga(parts: SagaParts): Saga<DeleteUserInput> {
  return {
    name: 'delete-user',
    steps: [tokenStep(parts.integrations), netbirdStep(parts), zitadelStep(parts), forgetStep(parts)],
  };
}

/** The user and their devices are out of NetBird, before they lose the way to sign in there. */
function netbirdStep(parts: SagaParts): Step<DeleteUserInput> {
  return {
    name: 'netbird',
    title: 'netbird',
    place: 'netbird',
    key: ({ runId, userId }) => `netbird/${userId}/${runId}`,
    async call(context) {
      const found = await netbirdUserOf(parts, context);
      if (!found?.user)
        return { outcome: 'done', output: null, detail: found ? 'never signed in there' : 'not used' };
      await found.client.users.remove(found.user.id, { signal: context.signal });
      return { outcome: 'done', output: null, detail: 'removed, with devices' };
    },
  };
}

/** The user is out of Zitadel, if it was the directory's to remove. */
function zitadelStep({ database, integrations }: SagaParts): Step<DeleteUserInput> {
  return {
    name: 'zitadel_user',
    title: 'zitadel user',
    place: 'zitadel',
    key: ({ runId, userId }) => `delete/${userId}/${runId}`,
    async call(context) {
      const { userId, signal } = context;
      const row = await database.read((db) =>
        db
          .selectFrom('users')
          .select(['zitadel_user_id', 'organization_id'])
          .where('id', '=', userId)
          .executeTakeFirst(),
      );
      if (!row?.zitadel_user_id) return { outcome: 'done', output: null, detail: 'never was in Zitadel' };
      const { zitadel } = await integrations.tenant(row.organization_id);
      const user = await zitadel.users.find(row.zitadel_user_id, { signal });
      if (!user) return { outcome: 'done', output: null, detail: 'was gone already' };
      const owner = readOwner(await zitadel.users.metadata(user.userId, { signal }));
      if (owner?.owner !== 'directory' || owner.ref !== userId) {
        return {
          outcome: 'attention',
          code: 'user_foreign',
          reason: `User ${user.userId} in Zitadel is not marked as the directory's. Remove it there, then resume.`,
        };
      }
      await zitadel.users.remove(user.userId, { signal });
      return { outcome: 'done', output: null, detail: `${user.userId} removed` };
    },
  };
}

/** The directory no longer has the user. */
function forgetStep({ clock }: SagaParts): Step<DeleteUserInput> {
  return {
    name: 'forget',
    title: 'directory',
    key: ({ runId, userId }) => `forget/${userId}/${runId}`,
    async call({ input }) {
      return {
        outcome: 'done',
        output: null,
        detail: input.erase ? 'forgotten, erased from the audit' : 'forgotten',
      };
    },
    async record(trx, { userId, runId, input, organizationId }) {
      await forgetUser(trx, {
        userId,
        organizationId,
        actor: input.actor,
        reason: input.reason,
        erase: input.erase,
        runId,
        at: new Date(clock.now()),
      });
    },
  };
}
