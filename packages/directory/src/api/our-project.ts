import { DrawbridgeError } from '@drawbridge/kit';
import type { FastifyRequest } from 'fastify';
import type { Database } from '../database/index.ts';
import { callerOf } from './access.ts';
import { nothingHere } from './caller.ts';

/**
 * Refuses a project that is neither the application's nor the organization's NetBird project: the directory gives out
 * roles in no others.
 *
 * @throws {DrawbridgeError} `project_unknown`
 */
export async function requireOurProject(
  database: Database,
  projectId: string,
  organizationId: string,
): Promise<void> {
  const place = await database.read((db) =>
    db
      .selectFrom('organizations')
      .innerJoin('system_integrations', 'system_integrations.id', 'organizations.integration_id')
      .select(['system_integrations.project_id', 'organizations.netbird_project_id'])
      .where('organizations.id', '=', organizationId)
      .executeTakeFirst(),
  );
  if (place?.project_id === projectId || place?.netbird_project_id === projectId) return;
  throw new DrawbridgeError('project_unknown', {
    message: `Project ${projectId} is neither the application's nor this organization's NetBird project.`,
  });
}

/**
 * Whoever is no member yet is brought in from another organization, which is for site administrators: an administrator of
 * one tenant has no say over another one's people, and does not learn who they are.
 *
 * @throws {DrawbridgeError} `not_found`
 */
export async function requireOwnMember(
  database: Database,
  request: FastifyRequest,
  userId: string,
  organizationId: string,
): Promise<void> {
  if (callerOf(request).siteAdministrator) return;
  const member = await database.read((db) =>
    db
      .selectFrom('memberships')
      .select('user_id')
      .where('user_id', '=', userId)
      .where('organization_id', '=', organizationId)
      .executeTakeFirst(),
  );
  if (!member) throw new DrawbridgeError('not_found', { message: nothingHere });
}
