import { DrawbridgeError, type Problem } from '@drawbridge/kit';
import type { ClaimsPolicy } from './policy.ts';

const mostRules = 50;
const longestName = 100;
/** Claims that say what a token is, and what Zitadel keeps for itself. Written by anybody else they would lie. */
const reserved = new Set(
  'iss sub aud exp nbf iat jti azp act amr acr at_hash c_hash nonce auth_time client_id scope sid email_verified'.split(
    ' ',
  ),
);
const path =
  /^(?:user\.(?:id|username|login|organization)|organization\.(?:id|name|domain)|(?:human|machine|metadata|userinfo)\..{1,200})$/;
const placeholders = /\{([^{}]*)\}/g;
const known = new Set(['role', 'organization', 'domain', 'project']);

/**
 * Reads a claims policy from parsed YAML or JSON. Everything is looked at: a word that is not known is a mistake, since it may be
 * the one that was to hold something back.
 *
 * @throws {DrawbridgeError} `invalid_settings` with one problem for each mistake
 * @example
 * ```ts
 * import { readClaimsPolicy } from '@drawbridge/kubernetes';
 *
 * const policy = readClaimsPolicy({ claims: [{ claim: 'groups', roles: { organizations: ['3220'] } }] });
 * console.log(policy.claims?.length); // 1
 * ```
 */
export function readClaimsPolicy(value: unknown): ClaimsPolicy {
  const problems: Problem[] = [];
  const say: Say = (field, message) => void problems.push({ field, message });
  if (isRecord(value)) readWhole(value, say);
  else say('policy', 'is no object');
  if (problems.length > 0)
    throw new DrawbridgeError('invalid_settings', { message: 'The claims policy is not right.', problems });
  return value as ClaimsPolicy;
}

type Say = (field: string, message: string) => void;
type Fields = Readonly<Record<string, unknown>>;

function readWhole(policy: Fields, say: Say): void {
  only(policy, ['email', 'claims'], '', say);
  oneOf(policy.email, ['always', 'verified', 'never'], 'email', say);
  const { claims } = policy;
  if (claims === undefined) return;
  if (!Array.isArray(claims)) {
    say('claims', 'is no list');
    return;
  }
  if (claims.length > mostRules) say('claims', `has more than ${mostRules} entries`);
  claims.forEach((rule: unknown, at) => {
    const field = `claims.${at}`;
    if (isRecord(rule)) readRule(rule, field, say);
    else say(field, 'is no object');
  });
}

function readRule(rule: Fields, field: string, say: Say): void {
  only(rule, ['claim', 'value', 'from', 'roles', 'when'], field, say);
  const { claim } = rule;
  if (typeof claim !== 'string' || claim === '' || claim.length > longestName)
    say(`${field}.claim`, 'is no name of a claim');
  else if (reserved.has(claim) || claim.startsWith('urn:zitadel:iam'))
    say(`${field}.claim`, `${claim} is not for a policy to write`);
  const sources = ['value', 'from', 'roles'].filter((source) => rule[source] !== undefined);
  if (sources.length !== 1) say(field, 'needs exactly one of value, from and roles');
  if (rule.from !== undefined && !(typeof rule.from === 'string' && path.test(rule.from)))
    say(`${field}.from`, 'is nothing that Zitadel tells of a user');
  if (rule.roles !== undefined) {
    if (isRecord(rule.roles)) readRoles(rule.roles, `${field}.roles`, say);
    else say(`${field}.roles`, 'is no object');
  }
  if (rule.when !== undefined) {
    if (isRecord(rule.when)) readCondition(rule.when, `${field}.when`, say);
    else say(`${field}.when`, 'is no object');
  }
}

function readRoles(roles: Fields, field: string, say: Say): void {
  only(roles, ['organizations', 'projects', 'form', 'rename', 'take', 'always'], field, say);
  const { form = '{role}', organizations } = roles;
  if (organizations !== 'any') texts(organizations, `${field}.organizations`, say);
  texts(roles.projects, `${field}.projects`, say);
  texts(roles.always, `${field}.always`, say);
  oneOf(roles.take, ['all', 'renamed'], `${field}.take`, say);
  if (typeof form !== 'string' || form.length > 200) {
    say(`${field}.form`, 'is no text');
    return;
  }
  const used = [...form.matchAll(placeholders)].map(([, name = '']) => name);
  for (const name of used) if (!known.has(name)) say(`${field}.form`, `{${name}} stands for nothing`);
  if (!used.includes('role')) say(`${field}.form`, 'has no {role}');
  if (organizations === undefined && !used.includes('organization'))
    say(
      `${field}.organizations`,
      'is missing: say whose roles count, or any, or name {organization} in the form',
    );
  const { rename } = roles;
  if (rename !== undefined && !(isRecord(rename) && Object.values(rename).every(isText)))
    say(`${field}.rename`, 'is no object of texts');
}

function readCondition(when: Fields, field: string, say: Say): void {
  only(when, ['functions', 'users', 'clients', 'organizations'], field, say);
  oneOf(when.users, ['human', 'machine'], `${field}.users`, say);
  texts(when.clients, `${field}.clients`, say);
  texts(when.organizations, `${field}.organizations`, say);
  texts(when.functions, `${field}.functions`, say);
  if (Array.isArray(when.functions))
    for (const name of when.functions)
      oneOf(name, ['preuserinfo', 'preaccesstoken'], `${field}.functions`, say);
}

function only(record: Fields, names: readonly string[], field: string, say: Say): void {
  for (const name of Object.keys(record))
    if (!names.includes(name)) say(field === '' ? name : `${field}.${name}`, 'is not known');
}

function oneOf(value: unknown, words: readonly string[], field: string, say: Say): void {
  if (value !== undefined && !words.includes(value as string)) say(field, `is none of ${words.join(', ')}`);
}

function texts(value: unknown, field: string, say: Say): void {
  if (value !== undefined && !(Array.isArray(value) && value.every(isText)))
    say(field, 'is no list of texts');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 512;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
