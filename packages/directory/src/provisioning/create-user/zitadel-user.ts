import { ownerMetadata, readOwner, type User, ZitadelError } from '@drawbridge/zitadel';
import type { IntegrationRegistry, Tenant } from '../../integrations/index.ts';
import type { Step, StepContext, StepResult } from '../../saga/index.ts';
import type { CreateUserInput, ZitadelUserOutput } from './input.ts';

type Context = StepContext<CreateUserInput>;
type Result = StepResult<ZitadelUserOutput>;

/**
 * Step 3: the user exists in Zitadel under the directory's own id, with owner metadata, and its verification mail is
 * part of the same call. A repeat of the call meets the same id and is recognised, so nothing is made or mailed twice.
 */
export function zitadelUserStep(integrations: IntegrationRegistry): Step<CreateUserInput, ZitadelUserOutput> {
  return {
    name: 'zitadel_user',
    title: 'zitadel user',
    key: ({ userId }) => `user/${userId}`,
    async check(context) {
      const tenant = await integrations.tenant(context.organizationId);
      const user = await tenant.zitadel.users.find(context.userId, { signal: context.signal });
      return user ? await recognise(tenant, context, user) : undefined;
    },
    async call(context) {
      const tenant = await integrations.tenant(context.organizationId);
      const { input, userId, signal } = context;
      try {
        await tenant.zitadel.users.create(
          {
            organizationId: tenant.organization.zitadel_org_id,
            userId,
            username: input.email,
            human: {
              profile: { givenName: input.givenName, familyName: input.familyName },
              email: { email: input.email, sendCode: {} },
            },
            metadata: ownerMetadata({ owner: 'directory', tenant: context.organizationId, ref: userId }),
          },
          { signal },
        );
        return { outcome: 'done', output: { zitadelUserId: userId, adopted: false }, detail: `${userId}, verification mail inside` };
      } catch (error) {
        if (!(error instanceof ZitadelError)) throw error;
        if (error.code !== 'zitadel_already_exists' && error.code !== 'zitadel_precondition') throw error;
        return await settle(tenant, context, error);
      }
    },
    async record(trx, context, output) {
      await trx
        .updateTable('users')
        .set({ zitadel_user_id: output.zitadelUserId })
        .where('id', '=', context.userId)
        .execute();
    },
    async compensate(context, output) {
      if (output.adopted) return;
      const { zitadel } = await integrations.tenant(context.organizationId);
      await zitadel.users.remove(output.zitadelUserId, { signal: context.signal });
    },
  };
}

/** The id or the name is taken: ours from an earlier try, one to adopt, or a stranger's. */
async function settle(tenant: Tenant, context: Context, refusal: ZitadelError): Promise<Result> {
  const { zitadel, organization } = tenant;
  const same = await zitadel.users.find(context.userId, { signal: context.signal });
  if (same) return await recognise(tenant, context, same);
  const name = context.input.email.toLowerCase();
  const queries = [{ userNameQuery: { userName: context.input.email, method: 'TEXT_QUERY_METHOD_EQUALS_IGNORE_CASE' as const } }];
  for await (const user of zitadel.users.list({ queries }, { signal: context.signal })) {
    const verified = user.human?.email?.isVerified === true && user.human.email.email?.toLowerCase() === name;
    if (user.details?.resourceOwner !== organization.zitadel_org_id || !verified || !user.userId) return quarantine(user.userId);
    await zitadel.users.setMetadata(
      user.userId,
      ownerMetadata({ owner: 'directory', tenant: context.organizationId, ref: context.userId }),
      { signal: context.signal },
    );
    return { outcome: 'done', output: { zitadelUserId: user.userId, adopted: true }, detail: `${user.userId}, adopted` };
  }
  // Refused for another reason than a name: an organization that is gone, a domain that belongs to another one.
  if (refusal.code !== 'zitadel_already_exists') throw refusal;
  return context.attempt < 4
    ? { outcome: 'waiting', detail: 'The name is taken in Zitadel, which does not list its user yet.' }
    : quarantine(undefined);
}

/** A user with the very id we would give: ours if it carries our metadata and sits in the right organization. */
async function recognise({ zitadel }: Tenant, context: Context, user: User): Promise<Result> {
  const owner = readOwner(await zitadel.users.metadata(context.userId, { signal: context.signal }));
  if (owner?.ref !== context.userId || owner.tenant !== context.organizationId) return quarantine(user.userId);
  return { outcome: 'done', output: { zitadelUserId: context.userId, adopted: false }, detail: `${context.userId}, made by an earlier try` };
}

function quarantine(userId: string | undefined): Result {
  return {
    outcome: 'quarantined',
    code: 'user_foreign',
    reason: `Zitadel has a user with this name${userId ? `, ${userId},` : ''} that the directory did not make.`,
  };
}
