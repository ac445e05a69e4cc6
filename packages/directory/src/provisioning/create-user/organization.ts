import type { IntegrationRegistry, Tenant } from '../../integrations/index.ts';
import type { Step, StepContext, StepResult } from '../../saga/index.ts';
import type { CreateUserInput } from './input.ts';

const roleKeys = ['admin', 'manager', 'user'];

interface OrganizationOutput {
  readonly zitadelOrgId: string;
}

/**
 * Step 2: the mapped organization exists and may use the application project. Without a project grant every
 * authorization in it would fail.
 */
export function organizationStep(
  integrations: IntegrationRegistry,
): Step<CreateUserInput, OrganizationOutput> {
  return {
    name: 'organization',
    title: 'organization',
    key: ({ runId }) => `${runId}/organization`,
    async call(context) {
      const tenant = await integrations.tenant(context.organizationId);
      const { zitadel, organization } = tenant;
      const found = await zitadel.organizations.find(organization.zitadel_org_id, { signal: context.signal });
      // The list of organizations lags behind their creation, so that an absence is believed only after some tries.
      if (!found && context.attempt < 4)
        return { outcome: 'waiting', detail: 'Zitadel does not list the organization yet.' };
      if (found?.state !== 'ORGANIZATION_STATE_ACTIVE') {
        return {
          outcome: 'attention',
          code: 'organization_not_active',
          reason: `Zitadel ${found ? 'says that' : 'has no'} organization ${organization.zitadel_org_id}${found ? ' is not active' : ''}.`,
        };
      }
      const refusal = await makeSureOfGrant(tenant, context);
      if (refusal) return refusal;
      return {
        outcome: 'done',
        output: { zitadelOrgId: organization.zitadel_org_id },
        detail: `${found.name}, ${organization.zitadel_org_id}`,
      };
    },
    async record(trx, context) {
      await trx
        .updateTable('organizations')
        .set({ project_grant: true })
        .where('id', '=', context.organizationId)
        .execute();
    },
  };
}

async function makeSureOfGrant(
  { zitadel, projectId, organization }: Tenant,
  { signal }: StepContext<CreateUserInput>,
): Promise<StepResult<never> | undefined> {
  const project = await zitadel.projects.get(projectId, { signal });
  // The project's own organization needs no grant, and Zitadel refuses one.
  if (project.organizationId === organization.zitadel_org_id) return undefined;
  const grantedOrganizationId = organization.zitadel_org_id;
  for await (const grant of zitadel.projects.listGrants({ projectId, grantedOrganizationId }, { signal })) {
    if (grant.state === 'PROJECT_GRANT_STATE_INACTIVE') {
      return {
        outcome: 'attention',
        code: 'project_not_granted',
        reason: 'The project grant is deactivated in Zitadel.',
      };
    }
    const missing = roleKeys.filter((key) => !grant.grantedRoleKeys?.includes(key));
    if (missing.length > 0) {
      const keys = [...(grant.grantedRoleKeys ?? []), ...missing];
      await zitadel.projects.updateGrant({ projectId, grantedOrganizationId, roleKeys: keys }, { signal });
    }
    return undefined;
  }
  // The list lags: a grant that is there already is what was wanted.
  await zitadel.projects.ensureGrant({ projectId, grantedOrganizationId, roleKeys }, { signal });
  return undefined;
}
