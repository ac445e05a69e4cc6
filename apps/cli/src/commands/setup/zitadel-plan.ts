import type { ForeignObject, SetupChange, SetupField } from '@drawbridge/stack';
import { wrap } from '../../terminal/index.ts';

const signs = { create: '+', update: '~', adopt: '>', rotate: '~', remove: '-', release: '<' } as const;
const width = 80;
/** Where values begin. */
const column = 30;

/** A change in lines: what is done to what, then each field. */
export function describeSetupChange({ action, title, fields }: SetupChange): readonly string[] {
  return [`${signs[action]} ${action} ${title}`, ...fields.flatMap(describeField)];
}

/** Something that is in the way, in lines. */
export function describeForeign({ title, id, fields }: ForeignObject): readonly string[] {
  return [`! ${title} is there, not made by us: ${id}`, ...fields.flatMap(describeField)];
}

function describeField({ field, from, to }: SetupField): readonly string[] {
  const name = field.replace(/Ms$/, '');
  const shown = (value: unknown) => textOf(field, value);
  if (Array.isArray(to) || Array.isArray(from)) {
    const before = listOf(from);
    const after = listOf(to);
    if (before.length === 0) return lines(name, wrap(after.map(shown).join(', '), width - column));
    const gone = before.filter((one) => !after.includes(one)).map((one) => `- ${shown(one)}`);
    const come = after.filter((one) => !before.includes(one)).map((one) => `+ ${shown(one)}`);
    return lines(name, [...gone, ...come]);
  }
  if (from === undefined) return lines(name, wrap(shown(to), width - column));
  const change = `${shown(from)} -> ${shown(to)}`;
  return lines(name, change.length <= width - column ? [change] : [`- ${shown(from)}`, `+ ${shown(to)}`]);
}

function lines(name: string, values: readonly string[]): readonly string[] {
  const isWide = values.some((value) => value.length > width - column);
  if (isWide) return [`    ${name}`, ...values.map((value) => `      ${value}`)];
  return values.map((value, index) => `    ${(index === 0 ? name : '').padEnd(column - 6)}  ${value}`);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** Zitadel's constants without the family that the field says already, and times as people read them. */
function textOf(field: string, value: unknown): string {
  if (field.endsWith('Ms') && typeof value === 'number') return length(value);
  if (typeof value !== 'string') return value === undefined ? 'none' : JSON.stringify(value);
  const constant =
    /^(?:OIDC_APP_TYPE|(?:OIDC|API)_AUTH_METHOD_TYPE|OIDC_(?:RESPONSE|GRANT|TOKEN)_TYPE|ACCESS_TOKEN_TYPE)_(.+)$/.exec(
      value,
    );
  return constant?.[1]?.toLowerCase().replaceAll('_', ' ') ?? (value || 'none');
}

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A length of time in the largest unit that it is a whole number of: `15 min`. Days from the second on. */
export function length(ms: number): string {
  for (const [unit, size] of units) {
    if (ms % size === 0 && ms >= size && !(unit === 'd' && ms === size)) return `${ms / size} ${unit}`;
  }
  return `${ms} ms`;
}
