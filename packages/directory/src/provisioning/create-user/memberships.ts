import { ZitadelError } from '@drawbridge/zitadel';
import type { IntegrationRegistry, Tenant } from '../../integrations/index.ts';
import type { Step, StepContext, StepResult } from '../../saga/index.ts';
import type { CreateUserInput, MembershipOutput, ZitadelUserOutput } from './input.ts';

type Context = StepContext<CreateUserInput>;

/** Step 5: the user holds the role in the application project, within the organization. */
export function membershipsStep(integrations: IntegrationRegistry): Step<CreateUserInput, MembershipOutput> {
  return {
    name: 'memberships',
    title: 'memberships',
    key: ({ organizationId, userId }) => `authorization/${organizationId}/${userId}`,
    async check(context) {
      const tenant = await integrations.tenant(context.organizationId);
      const { roleKeys: _wanted, ...filter } = wanted(tenant, context);
      const [found] = await tenant.zitadel.authorizations.list(filter, { signal: context.signal }).all();
      const held =
        found?.state === 'STATE_ACTIVE' && found.roles?.some(({ key }) => key === context.input.role);
      return found && held ? done(found.id, context) : undefined;
    },
    async call(context) {
      const tenant = await integrations.tenant(context.organizationId);
      try {
        const { id } = await tenant.zitadel.authorizations.ensure(wanted(tenant, context), {
          signal: context.signal,
        });
        return done(id, context);
      } catch (error) {
        if (!(error instanceof ZitadelError && error.code === 'zitadel_already_exists')) throw error;
        return { outcome: 'waiting', detail: 'The authorization exists; Zitadel does not list it yet.' };
      }
    },
    async record(trx, context, output) {
      await trx
        .updateTable('memberships')
        .set({ zitadel_authorization_id: output.authorizationId })
        .where('user_id', '=', context.userId)
        .where('organization_id', '=', context.organizationId)
        .execute();
    },
    async compensate(context, output) {
      if (output.existed) return;
      const { zitadel } = await integrations.tenant(context.organizationId);
      await zitadel.authorizations.remove(output.authorizationId, { signal: context.signal });
    },
  };
}

function wanted(tenant: Tenant, context: Context) {
  return {
    userId: context.output<ZitadelUserOutput>('zitadel_user').zitadelUserId,
    projectId: tenant.projectId,
    organizationId: tenant.organization.zitadel_org_id,
    roleKeys: [context.input.role],
  };
}

function done(authorizationId: string, context: Context): StepResult<MembershipOutput> {
  const { adopted } = context.output<ZitadelUserOutput>('zitadel_user');
  return {
    outcome: 'done',
    output: { authorizationId, existed: adopted },
    detail: `application: ${context.input.role}`,
  };
}
