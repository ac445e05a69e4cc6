import { hashOf, type Kernel, randomText } from '../kernel.ts';
import type { MountState, TokenParams, TokenRow } from '../store/index.ts';
import { duration } from './call.ts';

/** 768 hours: lifetime of tokens where nobody says another (vault/core.go). */
export const systemTtl = 2_764_800;

/** A token to be. */
export interface TokenDraft {
  readonly namespace: string;
  readonly parent: string;
  readonly type: 'service' | 'batch';
  readonly policies: readonly string[];
  readonly path: string;
  readonly displayName: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly numUses: number;
  /** Seconds; 0 for no end. */
  readonly ttl: number;
  readonly maxTtl: number;
  readonly explicitMaxTtl: number;
  readonly period: number;
  readonly renewable: boolean;
  readonly entityId: string;
  readonly origin: string;
}

/** A new token, and what an answer tells of it. */
export interface IssuedToken {
  readonly token: string;
  readonly auth: object;
  readonly warnings: readonly string[];
}

/** Makes a token (vault/token_store.go, vault/expiration.go). */
export function issue(kernel: Kernel, draft: TokenDraft): IssuedToken {
  const warnings: string[] = [];
  let { ttl } = draft;
  const limits = [draft.explicitMaxTtl, draft.period > 0 ? 0 : draft.maxTtl].filter((one) => one > 0);
  const max = Math.min(...limits);
  if (ttl > max) {
    warnings.push(capWarning(ttl, max));
    ttl = max;
  }
  const service = draft.type === 'service';
  const token = service ? `s.${randomText(24)}` : `b.${randomText(90)}`;
  const now = kernel.now();
  const row: TokenRow = {
    ...draft,
    hash: hashOf(token),
    accessor: service ? randomText(24) : '',
    renewable: draft.renewable && service && ttl > 0,
    createdAt: now,
    ttl,
    expiresAt: ttl > 0 ? now + ttl * 1_000 : 0,
    lastRenewal: 0,
  };
  kernel.push({
    type: 'token.create',
    namespace: draft.namespace,
    target: row.hash,
    payload: { token: row },
  });
  return { token, auth: authOf(row, token, ttl), warnings };
}

/** What a sign-in at a mount gives: the role's or user's fields over the mount's over the server's. */
export function issueForLogin(
  kernel: Kernel,
  at: {
    readonly namespace: string;
    readonly mount: MountState;
    readonly path: string;
    readonly origin: string;
  },
  params: TokenParams,
  who: { readonly displayName: string; readonly meta: Readonly<Record<string, string>> },
): IssuedToken {
  const { row } = at.mount;
  const policies = params.token_no_default_policy
    ? params.token_policies
    : ['default', ...params.token_policies];
  return issue(kernel, {
    namespace: at.namespace,
    parent: '',
    type: params.token_type === 'batch' ? 'batch' : 'service',
    policies: [...new Set(policies)].toSorted(),
    path: at.path,
    displayName: who.displayName,
    meta: who.meta,
    numUses: params.token_num_uses,
    ttl: params.token_period || params.token_ttl || row.defaultTtl || systemTtl,
    maxTtl: params.token_max_ttl || row.maxTtl || systemTtl,
    explicitMaxTtl: params.token_explicit_max_ttl,
    period: params.token_period,
    renewable: true,
    entityId: entityOf(row.accessor, who.displayName),
    origin: at.origin,
  });
}

/** What an answer tells of a token; `leaseSeconds` is what is left of it. */
export function authOf(row: TokenRow, token: string, leaseSeconds: number): object {
  return {
    client_token: token,
    accessor: row.accessor,
    policies: row.policies,
    token_policies: row.policies,
    metadata: Object.keys(row.meta).length > 0 ? row.meta : null,
    lease_duration: leaseSeconds,
    renewable: row.renewable,
    entity_id: row.entityId,
    token_type: row.type,
    orphan: row.parent === '',
    mfa_requirement: null,
    num_uses: row.numUses,
  };
}

/** Upstream says so and gives less. */
export function capWarning(asked: number, max: number): string {
  const short = (value: number) => duration(value).replace(/(?<=h)0m0s$|(?<=m)0s$/, '');
  return `TTL of "${short(asked)}" exceeded the effective max_ttl of "${short(max)}"; TTL value is capped accordingly`;
}

/** The same person at the same method is the same entity. */
function entityOf(accessor: string, name: string): string {
  const hex = hashOf(`${accessor} ${name}`);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
