import { recordAudit } from '../../audit/index.ts';
import type { Step } from '../../saga/index.ts';
import type { SagaParts } from '../parts.ts';
import type { MapOrganizationInput } from './index.ts';

/** The directory's own row says so, unless another organization took the place meanwhile. */
export function mapStep({ database, clock }: SagaParts): Step<MapOrganizationInput> {
  return {
    name: 'mapping',
    title: 'mapping',
    undo: 'maps the organization as it was before',
    key: ({ runId }) => `${runId}/mapping`,
    async call({ organizationId, input }) {
      const taken = await database.read((db) =>
        db
          .selectFrom('organizations as other')
          .innerJoin('organizations as own', 'own.integration_id', 'other.integration_id')
          .select('other.name')
          .where('own.id', '=', organizationId)
          .where('other.id', '<>', organizationId)
          .where('other.zitadel_org_id', '=', input.zitadelOrgId)
          .executeTakeFirst(),
      );
      if (taken) {
        return {
          outcome: 'attention',
          code: 'organization_mapped_elsewhere',
          reason: `${taken.name} is mapped to organization ${input.zitadelOrgId} already.`,
        };
      }
      return { outcome: 'done', output: null, detail: input.zitadelOrgId ?? 'unmapped' };
    },
    async record(trx, { organizationId, input, runId }) {
      const at = new Date(clock.now());
      const { zitadelOrgId, netbirdProjectId, before, actor, reason } = input;
      // Of two runs at once the second one's transaction fails here, and its next try sees who was first.
      await trx
        .updateTable('organizations')
        .set((column) => ({
          zitadel_org_id: zitadelOrgId,
          netbird_project_id: netbirdProjectId,
          project_grant: zitadelOrgId !== null,
          netbird_project_grant: zitadelOrgId !== null && netbirdProjectId !== null,
          mapped_at: at,
          mapped_by: actor,
          updated_at: at,
          version: column('version', '+', 1),
        }))
        .where('id', '=', organizationId)
        .execute();
      await recordAudit(trx, {
        organizationId,
        actor,
        action: zitadelOrgId === null ? 'organization.unmap' : 'organization.map',
        objectType: 'organization',
        objectId: organizationId,
        from: before,
        to: { zitadelOrgId, netbirdProjectId, run: runId },
        reason,
        at,
      });
    },
    async compensate({ organizationId, input }) {
      await database.transaction(async (trx) => {
        await trx
          .updateTable('organizations')
          .set((column) => ({
            zitadel_org_id: input.before.zitadelOrgId,
            netbird_project_id: input.before.netbirdProjectId,
            updated_at: new Date(clock.now()),
            version: column('version', '+', 1),
          }))
          .where('id', '=', organizationId)
          .execute();
      });
    },
  };
}

/** The organization that the tenant left no longer has the project grants. Last, since it takes every authorization along. */
export function releaseStep({ integrations }: SagaParts): Step<MapOrganizationInput> {
  return {
    name: 'release',
    title: 'former grant',
    place: 'zitadel',
    key: ({ organizationId, input }) => `release/${organizationId}/${input.before.zitadelOrgId}`,
    async call({ organizationId, input, signal }) {
      const { before, zitadelOrgId, netbirdProjectId } = input;
      const { site, integration } = await integrations.place(organizationId);
      const left = before.zitadelOrgId;
      if (left === null) return { outcome: 'done', output: null, detail: 'none' };
      const gone = left !== zitadelOrgId;
      const projects = [
        gone ? integration.project_id : null,
        gone || before.netbirdProjectId !== netbirdProjectId ? before.netbirdProjectId : null,
      ].filter((id) => id !== null);
      for (const projectId of projects)
        await site.projects.removeGrant({ projectId, grantedOrganizationId: left }, { signal });
      return {
        outcome: 'done',
        output: null,
        detail: projects.length === 0 ? 'kept' : `${left} lost ${projects.join(' and ')}`,
      };
    },
  };
}
