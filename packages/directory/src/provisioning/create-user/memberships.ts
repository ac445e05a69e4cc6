import { type Authorization, ZitadelError } from '@drawbridge/zitadel';
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
      const found = await findAuthorization(tenant, context);
      return found && holds(found, context.input.role) ? done(found, context) : undefined;
    },
    async call(context) {
      const tenant = await integrations.tenant(context.organizationId);
      const { signal, input } = context;
      const { zitadelUserId } = context.output<ZitadelUserOutput>('zitadel_user');
      try {
        const created = await tenant.zitadel.authorizations.create(
          {
            userId: zitadelUserId,
            projectId: tenant.projectId,
            organizationId: tenant.organization.zitadel_org_id,
            roleKeys: [input.role],
          },
          { signal },
        );
        return done(created, context);
      } catch (error) {
        if (!(error instanceof ZitadelError && error.code === 'zitadel_already_exists')) throw error;
      }
      const found = await findAuthorization(tenant, context);
      if (!found?.id) return { outcome: 'waiting', detail: 'The authorization exists; Zitadel does not list it yet.' };
      const keys = (found.roles ?? []).map((role) => role.key).filter((key) => key !== undefined);
      if (!keys.includes(input.role)) {
        await tenant.zitadel.authorizations.update({ id: found.id, roleKeys: [...keys, input.role] }, { signal });
      }
      return done(found, context);
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

async function findAuthorization(tenant: Tenant, context: Context): Promise<Authorization | undefined> {
  const { zitadelUserId } = context.output<ZitadelUserOutput>('zitadel_user');
  const filters = [
    { inUserIds: { ids: [zitadelUserId] } },
    { projectId: { id: tenant.projectId } },
    { organizationId: { id: tenant.organization.zitadel_org_id } },
  ];
  for await (const found of tenant.zitadel.authorizations.list({ filters }, { signal: context.signal })) return found;
  return undefined;
}

function holds(authorization: Authorization, role: string): boolean {
  return authorization.roles?.some(({ key }) => key === role) ?? false;
}

function done(authorization: { readonly id?: string }, context: Context): StepResult<MembershipOutput> {
  const { adopted } = context.output<ZitadelUserOutput>('zitadel_user');
  return {
    outcome: 'done',
    output: { authorizationId: authorization.id ?? '', existed: adopted },
    detail: `application: ${context.input.role}`,
  };
}
