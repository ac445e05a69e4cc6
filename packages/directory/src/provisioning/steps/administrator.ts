import type { IntegrationRegistry } from '../../integrations/index.ts';
import type { Step } from '../../saga/index.ts';
import type { RoleInput } from './memberships.ts';

interface AdministratorOutput {
  readonly given: boolean;
}

const roles = ['ORG_USER_MANAGER'];

/**
 * `newcomer`: the run itself makes the user, so that nothing can have been given to them before.
 *
 * Where the organization wants it, its admins manage its users in Zitadel's own console too. The role goes with the role
 * `admin` here; one that somebody else gave is left alone.
 */
export function administratorStep<Input extends RoleInput>(
  integrations: IntegrationRegistry,
  { newcomer = false } = {},
): Step<Input, AdministratorOutput> {
  return {
    name: 'administrator',
    title: 'administrator',
    place: 'zitadel',
    undo: 'takes ORG_USER_MANAGER back',
    key: ({ organizationId, userId }) => `administrator/${organizationId}/${userId}`,
    async call(context) {
      const { site, organization } = await integrations.tenant(context.organizationId, context.scope);
      const { zitadelUserId: userId } = context.output<{ zitadelUserId: string }>('zitadel_user');
      const resource = { organizationId: organization.zitadel_org_id };
      const wanted = organization.admins_manage_users && context.input.role === 'admin';
      const had = !newcomer && (await gaveBefore(integrations, context.userId, context.organizationId));
      if (wanted) {
        const { signal, attempt } = context;
        const { changed } = await site.administrators.create({ userId, resource, roles }, { signal });
        // From the second try on, what is there already may be what the first one made.
        const given = changed || had || attempt > 1;
        return { outcome: 'done', output: { given }, detail: 'manages the users of the organization' };
      }
      if (had) await site.administrators.remove(userId, resource, { signal: context.signal });
      const detail = had ? 'taken away' : 'none';
      return { outcome: 'done', output: { given: false }, detail, known: !had };
    },
    changes: (_context, { given }) => ({ membership: { zitadel_administrator: given } }),
    async compensate(context, { given }) {
      if (!given) return;
      const { site, organization } = await integrations.tenant(context.organizationId, context.scope);
      const { zitadelUserId } = context.output<{ zitadelUserId: string }>('zitadel_user');
      const resource = { organizationId: organization.zitadel_org_id };
      await site.administrators.remove(zitadelUserId, resource, { signal: context.signal });
    },
  };
}

async function gaveBefore(
  integrations: IntegrationRegistry,
  userId: string,
  organizationId: string,
): Promise<boolean> {
  const row = await integrations.database.read((db) =>
    db
      .selectFrom('memberships')
      .select('zitadel_administrator')
      .where('user_id', '=', userId)
      .where('organization_id', '=', organizationId)
      .executeTakeFirst(),
  );
  return row?.zitadel_administrator ?? false;
}
