import { requireKey } from '@drawbridge/config';
import { DrawbridgeError, Secret } from '@drawbridge/kit';

/** A key, and which field of its value is meant. */
export interface KeyPath {
  readonly key: string;
  /** Empty for the whole value. */
  readonly field: readonly string[];
}

/** Reads `database.url`: what stands after the first dot leads into the value. @throws {DrawbridgeError} `config_key_invalid` */
export function keyPathOf(text: string): KeyPath {
  const [key = '', ...field] = text.split('.');
  if (field.includes(''))
    throw new DrawbridgeError('config_key_invalid', { message: `"${text}" does not name a field.` });
  return { key: requireKey(key), field };
}

/** The field of a value. @throws {DrawbridgeError} `config_missing` */
export function fieldOf(value: unknown, { key, field }: KeyPath): unknown {
  let at = value;
  for (const name of field) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name))
      throw new DrawbridgeError('config_missing', {
        message: `${key} has no field ${field.join('.')}.`,
        fix: `drawbridge config get ${key} --json`,
      });
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}

/** The value with this field changed, or taken away; what lies beside it stays. */
export function withField(value: unknown, field: readonly string[], change: unknown): unknown {
  const [first, ...rest] = field;
  if (first === undefined) return change;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const fields = isObject ? (value as Readonly<Record<string, unknown>>) : {};
  const { [first]: inside, ...others } = fields;
  const next = withField(inside, rest, change);
  return next === undefined ? others : { ...others, [first]: next };
}

/** A value without what hides its secrets, for where it leaves our hands. */
export function exposed(value: unknown): unknown {
  if (value instanceof Secret) return exposed(value.expose());
  if (Array.isArray(value)) return value.map(exposed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, exposed(inside)]));
}

/** A value as text: a text as it is, anything else as JSON. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A text as a value: JSON where it is JSON, and a number only as JSON itself would write it. */
export function parsedOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const isStructure = typeof value === 'object' || typeof value === 'string';
    return isStructure || JSON.stringify(value) === text ? value : text;
  } catch {
    return text;
  }
}
