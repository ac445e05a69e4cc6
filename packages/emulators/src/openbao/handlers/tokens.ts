import { ApiError, badRequest, deniedByPolicy, noToken } from '../errors.ts';
import { hashOf } from '../kernel.ts';
import type { TokenRow } from '../store/index.ts';
import {
  type Call,
  type Caller,
  flag,
  integer,
  object,
  type Reply,
  type Route,
  seconds,
  text,
  texts,
} from './call.ts';
import { authOf, capWarning, issue, systemTtl } from './issue.ts';

/** The paths of the token method, which every namespace has (vault/token_store.go). */
export const tokenRoutes: readonly Route[] = [
  { path: 'lookup-self', handlers: { read: lookupSelf, write: lookupSelf } },
  {
    path: 'renew-self',
    handlers: { write: (call) => renew(call, callerOf(call).token, callerOf(call).secret) },
  },
  { path: 'revoke-self', handlers: { write: revokeSelf } },
  { path: 'lookup', handlers: { write: lookup } },
  { path: 'renew', handlers: { write: renewOther } },
  { path: 'revoke', handlers: { write: revokeOther } },
  { path: 'lookup-accessor', handlers: { write: lookupAccessor } },
  { path: 'renew-accessor', handlers: { write: (call) => renew(call, byAccessor(call), '') } },
  { path: 'revoke-accessor', handlers: { write: revokeAccessor } },
  { path: 'create', handlers: { write: (call) => create(call, flag(call.body, 'no_parent')) } },
  { path: 'create-orphan', handlers: { write: (call) => create(call, true) } },
];

function callerOf({ caller }: Call): Caller {
  if (!caller) throw noToken();
  return caller;
}

function lookupSelf(call: Call): Reply {
  const { token, secret } = callerOf(call);
  return { data: show(call, token, secret) };
}

function lookup(call: Call): Reply {
  const secret = text(call.body, 'token');
  const row = call.kernel.tokenOf(secret);
  if (!row) throw new ApiError(403, ['bad token']);
  return { data: show(call, row, secret) };
}

function lookupAccessor(call: Call): Reply {
  return { data: show(call, byAccessor(call), '') };
}

function byAccessor({ body, kernel }: Call): TokenRow {
  const accessor = text(body, 'accessor');
  const found = [...kernel.state.tokens.values()].find((row) => accessor !== '' && row.accessor === accessor);
  if (!found) throw badRequest('1 error occurred:\n\t* invalid accessor\n\n');
  return found;
}

function show({ kernel }: Call, row: TokenRow, secret: string): object {
  const left = row.expiresAt === 0 ? 0 : Math.max(0, Math.floor((row.expiresAt - kernel.now()) / 1_000));
  return {
    id: secret,
    accessor: row.accessor,
    policies: row.policies,
    path: row.path,
    meta: Object.keys(row.meta).length > 0 ? row.meta : null,
    display_name: row.displayName,
    num_uses: row.numUses,
    orphan: row.parent === '',
    creation_time: Math.floor(row.createdAt / 1_000),
    creation_ttl: row.ttl,
    expire_time: row.expiresAt === 0 ? null : new Date(row.expiresAt).toISOString(),
    explicit_max_ttl: row.explicitMaxTtl,
    entity_id: row.entityId,
    ttl: left,
    type: row.type,
    renewable: row.renewable,
    issue_time: new Date(row.createdAt).toISOString(),
    ...(row.period > 0 ? { period: row.period } : {}),
    ...(row.lastRenewal > 0
      ? {
          last_renewal: new Date(row.lastRenewal).toISOString(),
          last_renewal_time: Math.floor(row.lastRenewal / 1_000),
        }
      : {}),
    ...(row.namespace === '' ? {} : { namespace_path: row.namespace }),
  };
}

function renewOther(call: Call): Reply | undefined {
  const secret = text(call.body, 'token');
  const row = call.kernel.tokenOf(secret);
  if (!row) throw badRequest('token not found');
  return renew(call, row, secret);
}

/** Prolongs a token by what it had or what is asked, never beyond its last end (vault/expiration.go). */
function renew({ body, kernel }: Call, row: TokenRow, secret: string): Reply | undefined {
  if (row.type === 'batch') throw badRequest('batch tokens cannot be renewed');
  if (!row.renewable) throw badRequest('lease is not renewable');
  if (!isOriginThere(kernel, row)) return undefined;
  const warnings: string[] = [];
  const asked = row.period > 0 ? row.period : (seconds(body, 'increment') ?? row.ttl);
  const now = kernel.now();
  const lived = (now - row.createdAt) / 1_000;
  const limits = [row.explicitMaxTtl, row.period > 0 ? 0 : row.maxTtl].filter((one) => one > 0);
  const left = Math.max(0, Math.floor(Math.min(...limits) - lived));
  const ttl = Math.min(asked > 0 ? asked : row.ttl, left);
  if (ttl < asked) warnings.push(capWarning(asked, Math.min(...limits)));
  kernel.push({
    type: 'token.renew',
    namespace: row.namespace,
    target: row.hash,
    payload: { expiresAt: now + ttl * 1_000, ttl: row.ttl },
  });
  return { auth: authOf(row, secret, ttl), ...(warnings.length > 0 ? { warnings } : {}) };
}

/**
 * A renewal asks whether the role or user is still there, and gives nothing where it is not: for a user 204 without a word
 * (builtin/credential/userpass/path_login.go), for a role an error (builtin/credential/jwt/path_login.go).
 */
function isOriginThere(kernel: Call['kernel'], row: TokenRow): boolean {
  const [kind, name = ''] = row.origin.split(' ');
  if (kind !== 'role' && kind !== 'user') return true;
  const path = row.path.replace(/\/login(?:\/.*)?$/, '');
  const mount = kernel.state.namespaces.get(row.namespace)?.mounts.get(path);
  if (kind === 'user') return mount?.users.has(name) ?? false;
  if (!mount?.roles.has(name)) throw new ApiError(500, [`failed to validate role ${name} during renewal`]);
  return true;
}

function revokeSelf(call: Call): undefined {
  const { token } = callerOf(call);
  if (token.type === 'batch') throw badRequest('batch tokens cannot be revoked');
  revoke(call, token);
  return undefined;
}

/** Revoking a token that is not there is fine. */
function revokeOther(call: Call): undefined {
  const row = call.kernel.state.tokens.get(hashOf(text(call.body, 'token')));
  if (row) revoke(call, row);
  return undefined;
}

function revokeAccessor(call: Call): Reply | undefined {
  try {
    revoke(call, byAccessor(call));
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { warnings: ['No token found with this accessor'] };
  }
}

function revoke({ kernel }: Call, { hash, namespace }: TokenRow): void {
  kernel.push({ type: 'token.revoke', namespace, target: hash, payload: {} });
}

/** Makes a child of the caller's token, or an orphan; nobody gives policies that it has not (vault/token_store.go). */
function create(call: Call, isOrphan: boolean): Reply {
  const { body, kernel } = call;
  const { token: parent, acl } = callerOf(call);
  if (parent.type === 'batch') throw badRequest('batch tokens cannot create more tokens');
  const isSudo = acl.isRoot || acl.allows(`${parent.namespace}auth/token/create`, 'update', true);
  if (flag(body, 'no_parent') && !isSudo)
    throw badRequest('root or sudo privileges required to create orphan token');
  const asked = texts(body, 'policies');
  const withDefault = !flag(body, 'no_default_policy');
  const wanted =
    asked && asked.length > 0 ? [...asked, ...(withDefault ? ['default'] : [])] : parent.policies;
  const policies = wanted.includes('root') ? ['root'] : [...new Set(wanted)].toSorted();
  const isAllowed = isSudo || policies.every((one) => one === 'default' || parent.policies.includes(one));
  if (!isAllowed) throw badRequest('child policies must be subset of parent');
  if (policies.includes('root') && !acl.isRoot) throw deniedByPolicy();
  const isEndless = policies.includes('root');
  const ttl = seconds(body, 'ttl') ?? (isEndless ? 0 : systemTtl);
  const isBatch = text(body, 'type') === 'batch';
  const known = kernel.state.namespaces.get(parent.namespace)?.policies;
  const missing = (asked ?? [])
    .filter((name) => name !== 'default' && name !== 'root' && !known?.has(name))
    .map((name) => `Policy ${JSON.stringify(name)} does not exist`);
  const period = seconds(body, 'period') ?? 0;
  const meta = object(body, 'meta') ?? {};
  const name = text(body, 'display_name');
  const issued = issue(kernel, {
    namespace: call.namespace.path,
    parent: isOrphan ? '' : parent.hash,
    type: isBatch ? 'batch' : 'service',
    policies,
    path: isOrphan && !flag(body, 'no_parent') ? 'auth/token/create-orphan' : 'auth/token/create',
    displayName: name === '' ? 'token' : `token-${name}`,
    meta: Object.fromEntries(Object.entries(meta).map(([key, value]) => [key, String(value)])),
    numUses: integer(body, 'num_uses') ?? 0,
    ttl: period > 0 ? period : ttl,
    maxTtl: systemTtl,
    explicitMaxTtl: seconds(body, 'explicit_max_ttl') ?? 0,
    period,
    renewable: flag(body, 'renewable', true),
    entityId: isOrphan ? '' : parent.entityId,
    origin: '',
  });
  const warnings = [...issued.warnings, ...missing];
  return { auth: issued.auth, ...(warnings.length > 0 ? { warnings } : {}) };
}
