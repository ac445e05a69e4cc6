import { DrawbridgeError } from '@drawbridge/kit';
import type { FastifyRequest } from 'fastify';
import type { Database } from '../database/index.ts';
import { callerOf, organizationOf } from './access.ts';

/**
 * Nobody gives or takes what they do not have: a manager makes no admin, and deactivates none. Site administrators pass.
 *
 * @param roles roles to be given
 * @param userId whose present role is touched
 * @throws {DrawbridgeError} `forbidden`
 */
export async function requireRank(
  database: Database,
  request: FastifyRequest,
  { roles = [], userId }: { readonly roles?: readonly (string | undefined)[]; readonly userId?: string },
): Promise<void> {
  const caller = callerOf(request);
  if (caller.siteAdministrator) return;
  const organizationId = organizationOf(request);
  const own = caller.permissions.get(organizationId) ?? new Set<string>();
  const touched = roles.filter((role) => role !== undefined);
  const rows = await database.read(async (db) => {
    const held =
      userId === undefined
        ? []
        : await db
            .selectFrom('memberships')
            .innerJoin('roles', 'roles.key', 'memberships.role_key')
            .select(['roles.key', 'roles.permissions'])
            .where('memberships.user_id', '=', userId)
            .execute();
    const given =
      touched.length === 0
        ? []
        : await db.selectFrom('roles').select(['key', 'permissions']).where('key', 'in', touched).execute();
    return [...held, ...given];
  });
  const above = rows.find(({ permissions }) => permissions.some((one) => !own.has(one)));
  if (!above) return;
  throw new DrawbridgeError('forbidden', {
    message: `The role "${above.key}" may do more than you: only one who has it can give it or act on who has it.`,
  });
}
