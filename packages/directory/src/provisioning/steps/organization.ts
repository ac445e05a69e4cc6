import { sql } from 'kysely';
import type { IntegrationRegistry } from '../../integrations/index.ts';
import type { Step, StepResult } from '../../saga/index.ts';
import { applicationRoles, makeSureOfGrant, roleKeysOf } from './grant.ts';

interface OrganizationOutput {
  readonly zitadelOrgId: string;
}

/** The mapped organization exists and may use the application project, and the NetBird project where it has one. */
export function organizationStep<Input>(integrations: IntegrationRegistry): Step<Input, OrganizationOutput> {
  return {
    name: 'organization',
    title: 'organization',
    place: 'zitadel',
    key: ({ runId }) => `${runId}/organization`,
    async call(context) {
      const { site, organization, projectId } = await integrations.tenant(
        context.organizationId,
        context.scope,
      );
      const { zitadel_org_id: organizationId, netbird_project_id: netbird } = organization;
      const found = await site.organizations.find(organizationId, { signal: context.signal });
      // The list of organizations lags behind their creation, so that an absence is believed only after some tries.
      if (!found && context.attempt < 4)
        return { outcome: 'waiting', detail: 'Zitadel does not list the organization yet.' };
      if (found?.state !== 'ORGANIZATION_STATE_ACTIVE') return notActive(organizationId, found !== undefined);
      const refusal =
        (await makeSureOfGrant(
          site,
          { projectId, organizationId, roleKeys: applicationRoles },
          context.signal,
        )) ??
        (netbird === null || organization.netbird_project_grant
          ? undefined
          : await makeSureOfGrant(
              site,
              {
                projectId: netbird,
                organizationId,
                roleKeys: await roleKeysOf(site, netbird, context.signal),
              },
              context.signal,
            ));
      if (refusal) return refusal;
      return {
        outcome: 'done',
        output: { zitadelOrgId: organizationId },
        detail: `${found.name}, ${organizationId}`,
        // All runs of a tenant would wait for one another to write the same into its row.
        known: organization.project_grant && organization.netbird_project_grant === (netbird !== null),
      };
    },
    async record(trx, context) {
      await trx
        .updateTable('organizations')
        .set({ project_grant: true, netbird_project_grant: sql<boolean>`netbird_project_id is not null` })
        .where('id', '=', context.organizationId)
        .execute();
    },
  };
}

/** Zitadel's organization is missing or deactivated. */
export function notActive(organizationId: string, there: boolean): StepResult<never> {
  return {
    outcome: 'attention',
    code: 'organization_not_active',
    reason: there
      ? `Zitadel says that organization ${organizationId} is not active.`
      : `Zitadel has no organization ${organizationId}.`,
  };
}
