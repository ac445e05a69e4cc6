import { DrawbridgeError, newId } from '@drawbridge/kit';
import type { Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import { type Database, type Schema, violatedUnique } from '../database/index.ts';
import type { CreateUserInput } from '../provisioning/index.ts';
import type { Saga, SagaEngine } from '../saga/index.ts';
import { claimKey, type KeyedRequest, keepAnswer } from './idempotency.ts';

export interface CreateUser extends CreateUserInput {
  readonly organizationId: string;
  /** Subject of who asks. */
  readonly actor: string;
  readonly requestId?: string;
  /** The caller's `Idempotency-Key`. */
  readonly idempotencyKey?: string;
}

/** What a creation was answered: the same again for the same key. */
export interface CreatedUser {
  readonly userId: string;
  readonly runId: string;
}

/**
 * Writes the user, the home membership, the run with its job, the audit entry and the idempotency record in one
 * transaction; the run's worker does the rest.
 *
 * @throws {DrawbridgeError} `organization_not_mapped`, `role_unknown`, `user_exists`, `idempotency_key_reused`
 */
export async function createUser(
  database: Database,
  engine: SagaEngine,
  saga: Saga<CreateUserInput>,
  request: CreateUser,
): Promise<CreatedUser> {
  try {
    return await database.transaction(async (trx) => {
      const keyed = keyedRequest(request);
      const earlier = keyed && (await claimKey(trx, keyed, engine.now()));
      if (earlier) return earlier as CreatedUser;
      const created = await insert(trx, engine, saga, request);
      if (keyed) await keepAnswer(trx, keyed, created);
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
  engine: SagaEngine,
  saga: Saga<CreateUserInput>,
  request: CreateUser,
): Promise<CreatedUser> {
  const { organizationId, email, givenName, familyName, role, actor, requestId } = request;
  const organization = await trx
    .selectFrom('organizations')
    .select(['id', 'name', 'integration_id', 'zitadel_org_id'])
    .where('id', '=', organizationId)
    .executeTakeFirst();
  if (!organization) throw new DrawbridgeError('organization_unknown');
  if (organization.zitadel_org_id === null) {
    throw new DrawbridgeError('organization_not_mapped', {
      message: `${organization.name} is not mapped to an organization in Zitadel.`,
    });
  }
  const known = await trx.selectFrom('roles').select('key').orderBy('key').execute();
  if (!known.some(({ key }) => key === role)) {
    throw new DrawbridgeError('role_unknown', {
      message: `There is no role "${role}".`,
      fix: `Roles are ${known.map(({ key }) => key).join(', ')}.`,
    });
  }
  const at = engine.now();
  const userId = newId({ now: () => at.getTime() });
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
  const input: CreateUserInput = { email, givenName, familyName, role };
  const runId = await engine.start(trx, {
    saga,
    organizationId,
    userId,
    input,
    requestedBy: actor,
    ...(requestId === undefined ? {} : { requestId }),
  });
  await recordAudit(trx, {
    organizationId,
    actor,
    action: 'user.create',
    objectType: 'user',
    objectId: userId,
    to: { role, run: runId },
    personal: { email, givenName, familyName },
    ...(requestId === undefined ? {} : { requestId }),
    at,
  });
  return { userId, runId };
}

function keyedRequest(request: CreateUser): KeyedRequest | undefined {
  const { idempotencyKey: key, actor: caller, organizationId, email, givenName, familyName, role } = request;
  return key === undefined
    ? undefined
    : { caller, key, content: [organizationId, email, givenName, familyName, role] };
}
