import { DrawbridgeError } from '@drawbridge/kit';
import type { Selectable, Transaction } from 'kysely';
import { type AuditEntry, recordAudit } from '../audit/index.ts';
import type { Database, Schema, UserTable } from '../database/index.ts';
import type { Sagas } from '../provisioning/index.ts';
import type { Saga, SagaEngine } from '../saga/index.ts';
import type { Sealer } from '../sealing/index.ts';

export type UserRow = Selectable<UserTable>;

/** What requests about users are carried out with. */
export interface UserRequests {
  readonly database: Database;
  readonly engine: SagaEngine;
  readonly sagas: Sagas;
  readonly sealer: Sealer;
}

/** Who asks, for the record. */
export interface Asked {
  /** Subject of who asks. */
  readonly actor: string;
  readonly reason?: string;
  readonly requestId?: string;
  /** The import or bulk action it belongs to. */
  readonly batchId?: string;
}

/** The run that carries a request out. */
export interface StartedRun {
  readonly userId: string;
  readonly runId: string;
}

/** Writes what belongs to a started run in the transaction that starts it: either all of it is there, or nothing. */
export type AlsoRecord = (trx: Transaction<Schema>, started: StartedRun) => Promise<void>;

/** A run to start, and the words of its audit entry. */
export interface UserRun<Input> {
  readonly saga: Saga<Input>;
  readonly input: Input;
  /** Default: the user's home. */
  readonly organizationId?: string;
  /** What it does: "deactivate". The user's address follows, unless it is to be forgotten. */
  readonly verb: string;
  readonly action: string;
  readonly audit?: Pick<AuditEntry, 'from' | 'to' | 'personal'>;
  /** Leaves the address out of everything that outlives the user. */
  readonly nameless?: boolean;
}

/** Starts a run about a user, with its audit entry, in the caller's transaction. */
export async function startUserRun<Input>(
  trx: Transaction<Schema>,
  engine: SagaEngine,
  user: Pick<UserRow, 'id' | 'email' | 'organization_id'>,
  run: UserRun<Input>,
  { actor, reason, requestId, batchId }: Asked,
): Promise<StartedRun> {
  const { saga, input, verb, action, audit = {}, nameless = false } = run;
  const organizationId = run.organizationId ?? user.organization_id;
  const request = requestId === undefined ? {} : { requestId };
  const runId = await engine.start(trx, {
    saga,
    organizationId,
    userId: user.id,
    input,
    title: nameless ? verb : `${verb} ${user.email}`,
    requestedBy: actor,
    ...request,
    ...(batchId === undefined ? {} : { batchId }),
  });
  // What the caller has seen is no longer all there is: a second change on top of it is refused at once.
  await trx
    .updateTable('users')
    .set((column) => ({ version: column('version', '+', 1) }))
    .where('id', '=', user.id)
    .execute();
  const to = typeof audit.to === 'object' ? audit.to : {};
  await recordAudit(trx, {
    organizationId,
    actor,
    action,
    objectType: 'user',
    objectId: user.id,
    ...audit,
    to: { ...to, run: runId },
    ...(nameless ? {} : { personal: { email: user.email, ...audit.personal } }),
    ...(reason === undefined ? {} : { reason }),
    ...request,
    at: engine.now(),
  });
  return { userId: user.id, runId };
}

/** Reads a user and keeps others from changing it. @throws {DrawbridgeError} `not_found`, `precondition_failed` */
export async function lockUser(trx: Transaction<Schema>, userId: string, version?: number): Promise<UserRow> {
  const user = await trx
    .selectFrom('users')
    .selectAll()
    .where('id', '=', userId)
    .forUpdate()
    .executeTakeFirst();
  if (!user) throw new DrawbridgeError('not_found', { message: `No user ${userId} here.` });
  if (version !== undefined && user.version !== version) throw new DrawbridgeError('precondition_failed');
  return user;
}

/** @throws {DrawbridgeError} `role_unknown` */
export async function requireRole(trx: Transaction<Schema>, role: string): Promise<void> {
  const known = await trx.selectFrom('roles').select('key').orderBy('key').execute();
  if (known.some(({ key }) => key === role)) return;
  throw new DrawbridgeError('role_unknown', {
    message: `There is no role "${role}".`,
    fix: `Roles are ${known.map(({ key }) => key).join(', ')}.`,
  });
}
