import { DrawbridgeError, newId, type Secret } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import { type Schema, type SignInMethod, violatedUnique } from '../database/index.ts';
import { claimKey, type KeyedRequest, keepAnswer } from '../idempotency/index.ts';
import { type CreateUserInput, passwordPlace } from '../provisioning/index.ts';
import type { Sealer } from '../sealing/index.ts';
import {
  type AlsoRecord,
  type Asked,
  requireRole,
  type StartedRun,
  startUserRun,
  type UserRequests,
} from './request.ts';

export interface CreateUser extends Asked {
  readonly organizationId: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly role: string;
  /** Default: as the organization's settings say. */
  readonly signIn?: SignInMethod;
  /** To be changed at the first sign-in; with the sign-in `password` alone. */
  readonly password?: Secret;
  /** The person's id at the organization's identity provider; with the sign-in `idp` alone. */
  readonly identityProviderUserId?: string;
  /** The caller's `Idempotency-Key`. */
  readonly idempotencyKey?: string;
}

/**
 * Writes the user, the home membership, the run with its job, the audit entry and the idempotency record in one
 * transaction; the run's worker does the rest.
 *
 * @param also what else becomes true with it, in the same transaction; not called for a repeated key
 * @returns what the first request of that key was answered
 * @throws {DrawbridgeError} `organization_not_mapped`, `role_unknown`, `user_exists`, `idempotency_key_reused`, `invalid_request`
 */
export async function createUser(
  requests: UserRequests,
  request: CreateUser,
  also?: AlsoRecord,
): Promise<StartedRun> {
  try {
    return await requests.database.transaction(async (trx) => {
      const keyed = keyedRequest(request);
      const earlier = keyed && (await claimKey(trx, keyed, requests.engine.now()));
      if (earlier) return earlier as StartedRun;
      const created = await insert(trx, requests, request);
      if (keyed) await keepAnswer(trx, keyed, created);
      await also?.(trx, created);
      return created;
    });
  } catch (error) {
    if (violatedUnique(error) !== 'users_email') throw error;
    throw new DrawbridgeError('user_exists', {
      message: `A user with the mail address ${request.email} exists.`,
      cause: error,
    });
  }
}

async function insert(
  trx: Transaction<Schema>,
  { engine, sagas, sealer }: UserRequests,
  request: CreateUser,
): Promise<StartedRun> {
  const { organizationId, email, givenName, familyName, role } = request;
  const organization = await trx
    .selectFrom('organizations')
    .select(['name', 'integration_id', 'zitadel_org_id', 'sign_in', 'identity_provider_id'])
    .where('id', '=', organizationId)
    .executeTakeFirst();
  if (!organization) throw new DrawbridgeError('organization_unknown');
  if (organization.zitadel_org_id === null) {
    throw new DrawbridgeError('organization_not_mapped', {
      message: `${organization.name} is not mapped to an organization in Zitadel.`,
    });
  }
  await requireRole(trx, role);
  const at = engine.now();
  const userId = newId({ now: () => at.getTime() });
  const signIn = wayIn(request, organization, userId, sealer);
  await trx
    .insertInto('users')
    .values({
      id: userId,
      integration_id: organization.integration_id,
      organization_id: organizationId,
      email,
      given_name: givenName,
      family_name: familyName,
      active: true,
      permissions: '[]',
      created_at: at,
      updated_at: at,
    })
    .execute();
  await trx
    .insertInto('memberships')
    .values({ user_id: userId, organization_id: organizationId, role_key: role, home: true, created_at: at })
    .execute();
  const user = { id: userId, email, organization_id: organizationId };
  const run = {
    saga: sagas.createUser,
    input: { email, givenName, familyName, role, ...signIn },
    verb: 'create',
    action: 'user.create',
    audit: { to: { role, signIn: signIn.signIn }, personal: { givenName, familyName } },
  };
  return await startUserRun(trx, engine, user, run, request);
}

/** How the person will sign in, from the request or the organization's settings. */
function wayIn(
  request: CreateUser,
  organization: { readonly sign_in: SignInMethod; readonly identity_provider_id: string | null },
  userId: string,
  sealer: Sealer,
): Pick<CreateUserInput, 'password' | 'identityProvider'> & { readonly signIn: SignInMethod } {
  const { password, identityProviderUserId } = request;
  const signIn = request.signIn ?? organization.sign_in;
  if ((signIn === 'password') !== (password !== undefined))
    throw refused('password', 'is given exactly if the sign-in is "password"');
  if (signIn === 'idp' && organization.identity_provider_id === null)
    throw refused('signIn', 'is "idp", but the organization names no identity provider');
  if ((signIn === 'idp') !== (identityProviderUserId !== undefined))
    throw refused('identityProviderUserId', 'is given exactly if the sign-in is "idp"');
  if (password) {
    // The run keeps it until Zitadel has it, and no longer.
    sealer.requireLasting();
    return { signIn, password: sealer.seal(password, passwordPlace(userId)) };
  }
  if (identityProviderUserId === undefined || organization.identity_provider_id === null) return { signIn };
  return {
    signIn,
    identityProvider: { id: organization.identity_provider_id, userId: identityProviderUserId },
  };
}

function refused(field: string, message: string): DrawbridgeError {
  return new DrawbridgeError('invalid_request', { problems: [{ field, message }] });
}

function keyedRequest(request: CreateUser): KeyedRequest | undefined {
  const { idempotencyKey: key, actor: caller, organizationId, email, givenName, familyName, role } = request;
  if (key === undefined) return undefined;
  const { signIn = null, identityProviderUserId = null } = request;
  // Without the password: a hash of it would be a way to guess it.
  const content = [organizationId, email, givenName, familyName, role, signIn, identityProviderUserId];
  return { caller, key, content };
}
