import type { FunctionBody, FunctionReply } from '@drawbridge/events';
import type { ClaimCondition, ClaimRule, ClaimsPolicy } from './policy.ts';
import { rolesOf } from './roles.ts';

/** Claims to be added, by name. */
type Claims = Map<string, unknown>;

/**
 * What a token is given by a policy. Claims that are there already are left out: Zitadel would keep its own and write a
 * complaint into the token. Nothing is ever stored at the user.
 *
 * @see internal/api/oidc/userinfo.go
 * @example
 * ```ts
 * import { claimsFor } from '@drawbridge/kubernetes';
 *
 * const user = { id: '7', username: 'robot@shop.example', machine: { name: 'robot' } };
 * const reply = claimsFor({ function: 'function/preaccesstoken', user }, {});
 * console.log(reply.append_claims); // [ { key: 'email', value: 'robot@shop.example' } ]
 * ```
 */
export function claimsFor(body: FunctionBody, policy: ClaimsPolicy): FunctionReply {
  const claims: Claims = new Map();
  addEmail(claims, body, policy);
  for (const rule of policy.claims ?? []) {
    if (claims.has(rule.claim) || !applies(rule.when ?? {}, body)) continue;
    const value = claimValue(rule, body);
    if (value !== undefined) claims.set(rule.claim, value);
  }
  const there = body.userinfo ?? {};
  return {
    append_claims: [...claims]
      .filter(([key]) => !Object.hasOwn(there, key))
      .map(([key, value]) => ({ key, value })),
  };
}

function addEmail(claims: Claims, { user }: FunctionBody, { email = 'always' }: ClaimsPolicy): void {
  if (email === 'never') return;
  if (user.human === undefined) {
    if (user.machine !== undefined && isText(user.username)) claims.set('email', user.username);
    return;
  }
  const { email: address, is_email_verified: verified } = user.human;
  if (!isText(address) || (email === 'verified' && verified !== true)) return;
  claims.set('email', address);
  // Beside it always: an address that nobody proved could be anybody's.
  claims.set('email_verified', verified === true);
}

function applies(when: ClaimCondition, body: FunctionBody): boolean {
  const { user, application } = body;
  const kind = user.human ? 'human' : user.machine ? 'machine' : undefined;
  const name = body.function.slice('function/'.length);
  const allows = (list: readonly string[] | undefined, value: string | undefined) =>
    list === undefined || (value !== undefined && list.includes(value));
  return (
    allows(when.functions, name) &&
    allows(when.users === undefined ? undefined : [when.users], kind) &&
    allows(when.clients, application?.client_id) &&
    allows(when.organizations, user.resource_owner)
  );
}

function claimValue(rule: ClaimRule, body: FunctionBody): unknown {
  if ('roles' in rule) return rolesOf(body.user_grants ?? [], rule.roles);
  return 'from' in rule ? lookUp(rule.from, body) : rule.value;
}

function lookUp(path: string, body: FunctionBody): unknown {
  const at = path.indexOf('.');
  const [place, name] = [path.slice(0, at), path.slice(at + 1)];
  const { user, org } = body;
  switch (place) {
    case 'user':
      return lookUpIn(
        {
          id: user.id,
          username: user.username,
          login: user.preferred_login_name,
          organization: user.resource_owner,
        },
        name,
      );
    case 'organization':
      return lookUpIn({ id: org?.id, name: org?.name, domain: org?.primary_domain }, name);
    case 'human':
      return lookUpIn(user.human, name);
    case 'machine':
      return lookUpIn(user.machine, name);
    case 'userinfo':
      return lookUpIn(body.userinfo, name);
    case 'metadata':
      return metadataOf(body, name);
    default:
      return undefined;
  }
}

function lookUpIn(record: Readonly<Record<string, unknown>> | undefined, name: string): unknown {
  return record && Object.hasOwn(record, name) ? (record[name] ?? undefined) : undefined;
}

/** Values are base64 of bytes; only such as are text become claims. */
function metadataOf({ user_metadata: entries = [] }: FunctionBody, key: string): string | undefined {
  const entry = entries.find((one) => one.key === key);
  if (!isText(entry?.value)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(entry.value, 'base64'));
  } catch {
    return undefined; // bytes, and no text
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
