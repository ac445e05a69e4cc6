import type { Transaction } from 'kysely';
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
    record: (trx, { userId }) => gatherPermissions(trx, userId),
  };
}

/** Writes the permissions that a user's roles add up to. */
export async function gatherPermissions(trx: Transaction<Schema>, userId: string): Promise<void> {
  const rows = await trx
    .selectFrom('memberships')
    .innerJoin('roles', 'roles.key', 'memberships.role_key')
    .select('roles.permissions')
    .where('memberships.user_id', '=', userId)
    .execute();
  const permissions = [...new Set(rows.flatMap((row) => row.permissions))].sort();
  await trx
    .updateTable('users')
    .set({ permissions: JSON.stringify(permissions) })
    .where('id', '=', userId)
    .execute();
}
