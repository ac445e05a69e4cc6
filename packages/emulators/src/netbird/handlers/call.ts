import { badJson } from '../errors.ts';
import type { Kernel } from '../kernel.ts';

/** One request that was let in, as a handler sees it. */
export interface Call {
  readonly kernel: Kernel;
  /** User who calls. */
  readonly caller: string;
  /** Variable segments of the path, in order. */
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  /** The body as it came. */
  readonly body: string;
}

/** Does what a request asks and returns the body of the answer. Refuses by throwing an ApiError. */
export type Handler = (call: Call) => unknown;

/** The types that a body's fields may have. */
export type FieldTypes = Readonly<Record<string, 'string' | 'boolean' | 'number' | 'strings' | 'object'>>;

/** A body's fields; each may be missing or null, unknown ones are ignored, as Go's decoder does it. */
export type Fields = Readonly<Record<string, unknown>>;

/** Reads a body. @throws {ApiError} 400 for what is no JSON, or has a field of another type */
export function readFields(body: string, types: FieldTypes): Fields {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw badJson();
  }
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw badJson();
  const fields = value as Fields;
  for (const [name, type] of Object.entries(types)) {
    const field = fields[name];
    if (field !== undefined && field !== null && !hasType(field, type)) throw badJson();
  }
  return fields;
}

function hasType(field: unknown, type: FieldTypes[string]): boolean {
  if (type === 'strings') return Array.isArray(field) && field.every((one) => typeof one === 'string');
  if (type === 'object') return typeof field === 'object' && !Array.isArray(field);
  if (type === 'number') return Number.isInteger(field);
  return typeof field === type;
}

/** A text field; what is missing is empty. */
export function text(fields: Fields, name: string): string {
  const field = fields[name];
  return typeof field === 'string' ? field : '';
}

/** A list of texts, or nothing where it is missing or null. */
export function texts(fields: Fields, name: string): readonly string[] | undefined {
  const field = fields[name];
  return Array.isArray(field) ? (field as readonly string[]) : undefined;
}

/** The variable segment at a place. */
export function idAt({ ids }: Call, at = 0): string {
  return ids[at] ?? '';
}

/** A time as Go writes it: no fraction where there is none. */
export function time(ms: number | undefined): string {
  return ms === undefined ? never : new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** Go's zero time, for "never". */
export const never = '0001-01-01T00:00:00Z';
