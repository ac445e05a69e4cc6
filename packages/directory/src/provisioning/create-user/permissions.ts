import type { Step } from '../../saga/index.ts';
import type { CreateUserInput } from './input.ts';

/** Step 6: the permissions of all the user's roles, gathered on the user's record, where every request reads them. */
export function permissionsStep(): Step<CreateUserInput> {
  return {
    name: 'permissions',
    title: 'permissions',
    key: ({ runId }) => `${runId}/permissions`,
    async call(context) {
      return { outcome: 'done', output: null, detail: `from role ${context.input.role}` };
    },
    async record(trx, context) {
      const rows = await trx
        .selectFrom('memberships')
        .innerJoin('roles', 'roles.key', 'memberships.role_key')
        .select('roles.permissions')
        .where('memberships.user_id', '=', context.userId)
        .execute();
      const permissions = [...new Set(rows.flatMap((row) => row.permissions))].sort();
      await trx
        .updateTable('users')
        .set({ permissions: JSON.stringify(permissions) })
        .where('id', '=', context.userId)
        .execute();
    },
  };
}
