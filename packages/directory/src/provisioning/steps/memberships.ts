import type { IntegrationRegistry, Tenant } from '../../integrations/index.ts';
import type { Step, StepContext, StepResult } from '../../saga/index.ts';
import { ensureAuthorization, findAuthorization, type WantedAuthorization } from './authorization.ts';
import { roleKeysOf } from './grant.ts';

/** What the step needs of a run's input and of the step `zitadel_user`. */
export interface RoleInput {
  readonly role: string;
}

/** Output of the step `memberships`. */
export interface MembershipOutput {
  readonly authorizationId: string;
  /** Authorization in the organization's NetBird project, where it has one. */
  readonly netbirdAuthorizationId?: string;
  /** True when it may have been there before the run, because the user was. It is then left alone by compensation. */
  readonly existed: boolean;
}

interface KnownSubject {
  readonly zitadelUserId: string;
  readonly adopted?: boolean;
}

/**
 * The user holds the role in the application project, within the organization, and may use the organization's NetBird
 * project.
 */
export function membershipsStep<Input extends RoleInput>(
  integrations: IntegrationRegistry,
): Step<Input, MembershipOutput> {
  type Context = StepContext<Input>;

  const ensureAll = async (
    context: Context,
    find: (tenant: Tenant, wanted: WantedAuthorization, signal: AbortSignal) => Promise<string | undefined>,
  ): Promise<StepResult<MembershipOutput> | undefined> => {
    const tenant = await integrations.tenant(context.organizationId, context.scope);
    const { zitadelUserId, adopted = false } = context.output<KnownSubject>('zitadel_user');
    const { projectId, organization } = tenant;
    const base = { userId: zitadelUserId, organizationId: organization.zitadel_org_id };
    const { role } = context.input;
    const application = await find(tenant, { ...base, projectId, roleKeys: [role] }, context.signal);
    if (application === undefined) return undefined;
    const netbirdProject = organization.netbird_project_id;
    if (netbirdProject === null) {
      return {
        outcome: 'done',
        output: { authorizationId: application, existed: adopted },
        detail: `application: ${role}`,
      };
    }
    const roleKeys = await netbirdRoles(tenant, netbirdProject, role, context.signal);
    const netbird = await find(tenant, { ...base, projectId: netbirdProject, roleKeys }, context.signal);
    if (netbird === undefined) return undefined;
    return {
      outcome: 'done',
      output: { authorizationId: application, netbirdAuthorizationId: netbird, existed: adopted },
      detail: `application: ${role}, NetBird project: ${roleKeys.join(', ') || 'member'}`,
    };
  };

  return {
    name: 'memberships',
    title: 'memberships',
    place: 'zitadel',
    undo: 'takes the authorizations back',
    key: ({ organizationId, userId, input }) => `authorization/${organizationId}/${userId}/${input.role}`,
    check: (context) =>
      ensureAll(context, (tenant, wanted, signal) => findAuthorization(tenant.zitadel, wanted, signal)),
    async call(context) {
      const made = await ensureAll(context, (tenant, wanted, signal) =>
        ensureAuthorization(tenant.zitadel, wanted, signal),
      );
      return (
        made ?? { outcome: 'waiting', detail: 'The authorization exists; Zitadel does not list it yet.' }
      );
    },
    changes: (context, { authorizationId, netbirdAuthorizationId }) => ({
      membership: {
        role_key: context.input.role,
        zitadel_authorization_id: authorizationId,
        netbird_authorization_id: netbirdAuthorizationId ?? null,
      },
    }),
    async compensate(context, output) {
      if (output.existed) return;
      const { zitadel } = await integrations.tenant(context.organizationId, context.scope);
      const { signal } = context;
      if (output.netbirdAuthorizationId !== undefined)
        await zitadel.authorizations.remove(output.netbirdAuthorizationId, { signal });
      await zitadel.authorizations.remove(output.authorizationId, { signal });
    },
  };
}

/** The role of the same key in the NetBird project, else its role `user`, else none: being authorized is what counts. */
async function netbirdRoles(
  { site }: Tenant,
  projectId: string,
  role: string,
  signal: AbortSignal,
): Promise<string[]> {
  const keys = await roleKeysOf(site, projectId, signal);
  const key = [role, 'user'].find((wanted) => keys.includes(wanted));
  return key === undefined ? [] : [key];
}
