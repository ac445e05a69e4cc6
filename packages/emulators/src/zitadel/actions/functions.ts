import type { Kernel } from '../kernel.ts';
import { objectState, primaryDomain, type UserRow } from '../projections/index.ts';
import type { AnyDraft } from '../store/index.ts';
import { isObject, type JsonObject, timestamp } from '../wire/index.ts';
import { type FunctionName, targetsOfFunction } from './match.ts';
import { parseReply } from './outbound.ts';
import { type Runner, runTargets } from './run.ts';

/** A token or an answer about a user that targets may add claims to. */
export interface FunctionCall {
  readonly name: FunctionName;
  readonly user: UserRow;
  readonly clientId: string;
  /** Claims so far. */
  readonly claims: JsonObject;
  /** Projects whose authorizations are shown. */
  readonly projectIds: readonly string[];
}

/**
 * Runs the targets of a function and returns the claims with what they appended (internal/api/oidc/userinfo.go). Claims
 * of Zitadel's own name space are dropped, claims that exist stay as they are and the log claim says so.
 *
 * @throws {RpcError} what an interrupting target failed with
 */
export async function runFunction(
  runner: Runner,
  call: FunctionCall,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { kernel } = runner;
  const targets = targetsOfFunction(kernel.lagging, call.name, kernel.controls.quirks);
  if (targets.length === 0) return call.claims;
  let response: JsonObject = {};
  await runTargets(
    runner,
    targets,
    {
      cause: call.name,
      isEvent: false,
      body: () => JSON.stringify({ ...functionBody(kernel, call), response }),
      take: (reply) => {
        response = parseReply(reply) ?? response;
      },
    },
    signal,
  );
  setMetadata(kernel, call.user, response.set_user_metadata);
  return withClaims(call, response);
}

function withClaims(call: FunctionCall, response: JsonObject): JsonObject {
  const claims: Record<string, unknown> = { ...call.claims };
  const log = listOf(response.append_log_claims).filter((line) => typeof line === 'string');
  for (const claim of listOf(response.append_claims)) {
    if (!isObject(claim) || typeof claim.key !== 'string' || claim.key.startsWith('urn:zitadel:iam'))
      continue;
    if (Object.hasOwn(claims, claim.key)) log.push(`claim ${claim.key} was there before and stays`);
    else claims[claim.key] = claim.value;
  }
  if (log.length > 0) claims[`urn:zitadel:iam:action:function/${call.name}:log`] = log;
  return claims;
}

function setMetadata(kernel: Kernel, user: UserRow, entries: unknown): void {
  const drafts = listOf(entries).flatMap((entry): AnyDraft[] => {
    if (!isObject(entry) || typeof entry.key !== 'string' || typeof entry.value !== 'string') return [];
    const of = { aggregateType: 'user', aggregateId: user.id, resourceOwner: user.organizationId } as const;
    const value = Buffer.from(entry.value, 'base64').toString('base64');
    return value === '' ? [] : [{ ...of, type: 'user.metadata.set', payload: { key: entry.key, value } }];
  });
  if (drafts.length > 0) kernel.push(user.id, drafts);
}

/** What a function's target is told (internal/api/oidc/userinfo.go, `ContextInfo`). */
function functionBody(
  kernel: Kernel,
  { name, user, clientId, claims, projectIds }: FunctionCall,
): JsonObject {
  const organization = kernel.fresh.organizations.get(user.organizationId);
  return {
    function: `function/${name}`,
    userinfo: claims,
    user: userOf(user),
    user_metadata: [...user.metadata.values()].map((row) => ({
      creation_date: timestamp(row.createdAt),
      change_date: timestamp(row.changedAt),
      resource_owner: user.organizationId,
      sequence: user.sequence,
      key: row.key,
      value: row.value,
    })),
    org: {
      id: user.organizationId,
      name: organization?.name,
      primary_domain: primaryDomain(organization),
    },
    user_grants: grantsOf(kernel, user, projectIds),
    application: { client_id: clientId },
  };
}

function userOf(user: UserRow): JsonObject {
  return {
    id: user.id,
    creation_date: timestamp(user.createdAt),
    change_date: timestamp(user.changedAt),
    resource_owner: user.organizationId,
    sequence: user.sequence,
    state: user.state,
    username: user.username,
    preferred_login_name: user.username,
    ...(user.human
      ? {
          human: {
            first_name: user.human.firstName,
            last_name: user.human.lastName,
            display_name: user.human.displayName,
            email: user.human.email,
            is_email_verified: user.human.emailVerified,
          },
        }
      : { machine: { name: user.machine?.name, description: user.machine?.description } }),
  };
}

function grantsOf(kernel: Kernel, user: UserRow, projectIds: readonly string[]): readonly JsonObject[] {
  const state = kernel.fresh;
  return [...(state.authorizationsOfUser.get(user.id) ?? [])].flatMap((id) => {
    const row = state.authorizations.get(id);
    if (row?.state !== objectState.active || !projectIds.includes(row.projectId)) return [];
    const organization = state.organizations.get(row.organizationId);
    return [
      {
        id: row.id,
        creation_date: timestamp(row.createdAt),
        change_date: timestamp(row.changedAt),
        sequence: row.sequence,
        roles: row.roleKeys,
        grant_id: row.grantId ?? '',
        state: row.state,
        user_id: user.id,
        user_resource_owner: user.organizationId,
        resource_owner: row.organizationId,
        org_name: organization?.name,
        org_primary_domain: primaryDomain(organization),
        project_id: row.projectId,
        project_name: state.projects.get(row.projectId)?.name,
      },
    ];
  });
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
