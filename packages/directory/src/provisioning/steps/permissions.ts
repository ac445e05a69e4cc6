import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../database/index.ts';
import type { Step } from '../../saga/index.ts';

/** The permissions of all the user's roles, gathered on the user's record, where every request reads them. */
export function permissionsStep<Input>(): Step<Input> {
  return {
    name: 'permissions',
    title: 'permissions',
    key: ({ runId }) => `${runId}/permissions`,
    async call() {
      return { outcome: 'done', output: null, detail: 'gathered from all roles' };
    },
    changes: ({ userId }) => ({ user: { permissions: permissionsOf(userId) } }),
  };
}

/** Writes the permissions that a user's roles add up to. */
export async function gatherPermissions(trx: Transaction<Schema>, userId: string): Promise<void> {
  await trx
    .updateTable('users')
    .set({ permissions: permissionsOf(userId) })
    .where('id', '=', userId)
    .execute();
}

function permissionsOf(userId: string) {
  return sql<string>`(
    select coalesce(jsonb_agg(distinct permission order by permission), '[]')
    from memberships
    join roles on roles.key = memberships.role_key
    cross join jsonb_array_elements_text(roles.permissions) as permission
    where memberships.user_id = ${userId})`;
}
