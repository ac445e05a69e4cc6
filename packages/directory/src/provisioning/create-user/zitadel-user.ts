import {
  type FoundUser,
  type OwnerMark,
  ownerMetadata,
  readOwner,
  sameOwner,
  ZitadelError,
} from '@drawbridge/zitadel';
import type { Tenant } from '../../integrations/index.ts';
import type { Step, StepContext, StepResult } from '../../saga/index.ts';
import type { Sealer } from '../../sealing/index.ts';
import type { SagaParts } from '../parts.ts';
import { type CreateUserInput, passwordPlace, type ZitadelUserOutput } from './input.ts';

type Context = StepContext<CreateUserInput>;
type Result = StepResult<ZitadelUserOutput>;

/**
 * Step 3: the user exists in Zitadel under the directory's own id, with owner metadata, and its verification mail is
 * part of the same call. A repeat of the call meets the same id and is recognised, so nothing is made or mailed twice.
 */
export function zitadelUserStep({
  integrations,
  sealer,
  clock,
}: SagaParts): Step<CreateUserInput, ZitadelUserOutput> {
  return {
    name: 'zitadel_user',
    title: 'zitadel user',
    place: 'zitadel',
    undo: 'deletes the user in Zitadel',
    key: ({ userId }) => `user/${userId}`,
    async check(context) {
      const { zitadel } = await integrations.tenant(context.organizationId, context.scope);
      const user = await zitadel.users.find(context.userId, { signal: context.signal });
      if (!user) return undefined;
      const theirs = readOwner(await zitadel.users.metadata(context.userId, { signal: context.signal }));
      return sameOwner(theirs, markOf(context)) ? made(context, 'made by an earlier try') : stranger(user);
    },
    async call(context) {
      const tenant = await integrations.tenant(context.organizationId, context.scope);
      const { input, userId, signal } = context;
      try {
        await tenant.zitadel.users.create(
          {
            organizationId: tenant.organization.zitadel_org_id,
            userId,
            username: input.email,
            human: {
              profile: { givenName: input.givenName, familyName: input.familyName },
              ...signInOf(context, sealer),
            },
            metadata: ownerMetadata(markOf(context)),
          },
          { signal },
        );
        return made(
          context,
          'idp' === input.signIn ? 'linked to the identity provider' : 'verification mail inside',
        );
      } catch (error) {
        if (!(error instanceof ZitadelError && error.code === 'zitadel_already_exists')) throw error;
        return await settle(tenant, context);
      }
    },
    changes: (_context, { zitadelUserId }) => ({
      user: {
        zitadel_user_id: zitadelUserId,
        zitadel_state: 'active',
        zitadel_seen_at: new Date(clock.now()),
      },
    }),
    async compensate(context, output) {
      if (output.adopted) return;
      const { zitadel } = await integrations.tenant(context.organizationId, context.scope);
      await zitadel.users.remove(output.zitadelUserId, { signal: context.signal });
    },
  };
}

/**
 * How the person will sign in. The mail of an invitation lets them set a password; one that is set here has to be changed
 * at the first sign-in; whoever signs in at an identity provider needs no mail.
 */
function signInOf({ input, userId }: Context, sealer: Sealer) {
  const { email, signIn, password, identityProvider } = input;
  if (signIn === 'idp' && identityProvider) {
    const link = { idpId: identityProvider.id, userId: identityProvider.userId, userName: email };
    return { email: { email, isVerified: false }, idpLinks: [link] };
  }
  if (signIn !== 'password' || password === undefined) return { email: { email, sendCode: {} } };
  const opened = sealer.open(password, passwordPlace(userId));
  return { email: { email, sendCode: {} }, password: { password: opened.expose(), changeRequired: true } };
}

/** By this mark the directory recognises the user as its own, wherever it meets it. */
function markOf(context: Context): OwnerMark {
  return { owner: 'directory', tenant: context.organizationId, ref: context.userId };
}

/**
 * The name is taken. Only a user of the same organization, with the same *verified* address and no other owner, becomes
 * ours; whoever could merely claim an address would otherwise take over what is meant for its holder.
 */
async function settle({ zitadel, organization }: Tenant, context: Context): Promise<Result> {
  const { input, signal } = context;
  const queries = [
    { userNameQuery: { userName: input.email, method: 'TEXT_QUERY_METHOD_EQUALS_IGNORE_CASE' as const } },
  ];
  const [user] = await zitadel.users.list({ queries }, { signal }).all();
  if (!user) {
    return context.attempt < 4
      ? { outcome: 'waiting', detail: 'The name is taken in Zitadel, which does not list its user yet.' }
      : stranger(undefined);
  }
  const mail = user.human?.email;
  const verified = mail?.isVerified === true && mail.email?.toLowerCase() === input.email.toLowerCase();
  const owner = readOwner(await zitadel.users.metadata(user.userId, { signal }));
  const free = owner === undefined || sameOwner(owner, markOf(context));
  if (user.organizationId !== organization.zitadel_org_id || !verified || !free) return stranger(user);
  await zitadel.users.setMetadata(user.userId, ownerMetadata(markOf(context)), { signal });
  const { userId } = user;
  return done(context, { zitadelUserId: userId, adopted: true }, `${userId}, adopted`);
}

function made(context: Context, how: string): Result {
  const { userId } = context;
  return done(context, { zitadelUserId: userId, adopted: false }, `${userId}, ${how}`);
}

function done({ input }: Context, output: ZitadelUserOutput, detail: string): Result {
  // Zitadel has the password now: nobody needs it here any more.
  const { password, ...rest } = input;
  return { outcome: 'done', output, detail, ...(password === undefined ? {} : { input: rest }) };
}

function stranger(user: FoundUser | undefined): Result {
  return {
    outcome: 'quarantined',
    code: 'user_foreign',
    reason: `Zitadel has a user with this name${user ? `, ${user.userId},` : ''} that the directory did not make.`,
  };
}
