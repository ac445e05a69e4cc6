import { variableOf } from '@drawbridge/config';

/**
 * A value as environment variables. `billing/stripe-key` is `BILLING_STRIPE_KEY`; the fields of an object come one by one, `poolSize` of
 * `database` as `DATABASE_POOL_SIZE`. With a prefix the value stays whole, as programs with `@drawbridge/config` read it.
 */
export function variablesOf(
  key: string,
  value: unknown,
  prefix: string | undefined,
): readonly (readonly [string, string])[] {
  if (prefix !== undefined) return [[variableOf(key, prefix), textOf(value)]];
  return leavesOf(variableOf(key, ''), value);
}

function leavesOf(name: string, value: unknown): readonly (readonly [string, string])[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return [[name, textOf(value)]];
  return Object.entries(value).flatMap(([field, inside]) => leavesOf(`${name}_${upper(field)}`, inside));
}

/** `poolSize` and `pool-size` are both `POOL_SIZE`. */
function upper(field: string): string {
  return field
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Variables by which whoever may write to the store could run something of their own. */
export function isRefused(name: string): boolean {
  return /^(LD_|DYLD_)/.test(name) || refused.has(name);
}

const refused: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'SHELL',
  'IFS',
  'ENV',
  'BASH_ENV',
  'PROMPT_COMMAND',
  'NODE_OPTIONS',
  'NODE_PATH',
  'PYTHONPATH',
  'PYTHONSTARTUP',
  'PERL5OPT',
  'RUBYOPT',
  'JAVA_TOOL_OPTIONS',
  'GIT_SSH_COMMAND',
]);
