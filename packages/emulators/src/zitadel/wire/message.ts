import { RpcError } from '../errors.ts';

/** A JSON object of unknown content. */
export type JsonObject = { readonly [key: string]: unknown };

/** How long a string field may be, in characters. */
export interface Limits {
  readonly min?: number;
  readonly max?: number;
}

const id: Limits = { min: 1, max: 200 };

/**
 * Reads one request message the way protojson does: lowerCamelCase or the proto's own snake_case, enums by name or
 * number, 64-bit numbers as strings or numbers, unknown fields ignored. What does not fit is `invalid_argument` without
 * a detail, as Zitadel's validation interceptor answers
 * (internal/api/grpc/server/connect_middleware/validation_interceptor.go).
 */
export class Message {
  readonly #raw: JsonObject;

  constructor(raw: JsonObject) {
    this.#raw = raw;
  }

  /** Whether the field is present. JSON null counts as absent. */
  has(name: string): boolean {
    return this.#value(name) !== undefined;
  }

  /** A proto3 string without presence: absent reads as the empty string. */
  string(name: string, limits: Limits = {}): string {
    const value = this.#value(name) ?? '';
    if (typeof value !== 'string') throw invalid(name, 'value must be a string');
    const length = limits.min || limits.max ? runes(value) : 0;
    if (length < (limits.min ?? 0) || length > (limits.max ?? Number.POSITIVE_INFINITY)) {
      throw invalid(
        name,
        `value length must be between ${limits.min ?? 0} and ${limits.max ?? 'any'} runes, inclusive`,
      );
    }
    return value;
  }

  /** A string with presence; its limits hold only where it is given. */
  optionalString(name: string, limits: Limits = {}): string | undefined {
    return this.has(name) ? this.string(name, limits) : undefined;
  }

  /** A required identifier of 1 to 200 characters. */
  id(name: string): string {
    return this.string(name, id);
  }

  bool(name: string): boolean {
    return this.optionalBool(name) ?? false;
  }

  optionalBool(name: string): boolean | undefined {
    const value = this.#value(name);
    if (value !== undefined && typeof value !== 'boolean') throw invalid(name, 'value must be a bool');
    return value;
  }

  /** An unsigned number, given as number or as string. */
  uint(name: string): number {
    const value = this.#value(name) ?? 0;
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
      throw invalid(name, 'value must be an unsigned number');
    }
    return number;
  }

  message(name: string): Message | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw invalid(name, 'value must be an object');
    return new Message(value);
  }

  requiredMessage(name: string): Message {
    const message = this.message(name);
    if (!message) throw invalid(name, 'value is required');
    return message;
  }

  messages(name: string): readonly Message[] {
    return this.#list(name).map((item) => {
      if (!isObject(item)) throw invalid(name, 'value must be a list of objects');
      return new Message(item);
    });
  }

  strings(name: string): readonly string[] {
    return this.#list(name).map((item) => {
      if (typeof item !== 'string') throw invalid(name, 'value must be a list of strings');
      return item;
    });
  }

  /** Bytes as base64 text, checked and in canonical form; undefined when absent. */
  bytes(name: string): string | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    return canonicalBase64(name, value);
  }

  /** A map of bytes, as canonical base64. */
  bytesMap(name: string): Readonly<Record<string, string>> {
    const value = this.#value(name) ?? {};
    if (!isObject(value)) throw invalid(name, 'value must be an object');
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, canonicalBase64(name, item)]));
  }

  /** A map of messages, e.g. the headers of a user agent. */
  messageMap(name: string): Readonly<Record<string, Message>> {
    const value = this.#value(name) ?? {};
    if (!isObject(value)) throw invalid(name, 'value must be an object');
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (!isObject(item)) throw invalid(name, 'value must be a map of objects');
        return [key, new Message(item)];
      }),
    );
  }

  /** A Timestamp in milliseconds since the epoch. */
  timestamp(name: string): number | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(ms)) throw invalid(name, 'value must be an RFC 3339 timestamp');
    return ms;
  }

  /** A Duration such as `3.5s`, in milliseconds. */
  duration(name: string): number | undefined {
    const value = this.#value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || !/^-?\d+(\.\d{1,9})?s$/.test(value)) {
      throw invalid(name, 'value must be a duration');
    }
    return Number.parseFloat(value) * 1_000;
  }

  /** An enum: its position in `names`, whose first is the zero value. */
  enum(name: string, names: readonly string[]): number {
    return this.optionalEnum(name, names) ?? 0;
  }

  optionalEnum(name: string, names: readonly string[]): number | undefined {
    const value = this.#value(name);
    return value === undefined ? undefined : enumValue(name, value, names);
  }

  enums(name: string, names: readonly string[]): readonly number[] {
    return this.#list(name).map((value) => enumValue(name, value, names));
  }

  #list(name: string): readonly unknown[] {
    const value = this.#value(name) ?? [];
    if (!Array.isArray(value)) throw invalid(name, 'value must be a list');
    return value;
  }

  #value(name: string): unknown {
    return this.#raw[name] ?? this.#raw[snake(name)] ?? undefined;
  }
}

/** Length as the validators count it: in code points. */
function runes(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Whether a parsed JSON value is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The refusal of a field by the generated validators: no error detail. */
export function invalid(field: string, why: string): RpcError {
  return new RpcError('invalid_argument', `invalid field ${field}: ${why}`);
}

function enumValue(name: string, value: unknown, names: readonly string[]): number {
  const index = typeof value === 'string' ? names.indexOf(value) : value;
  if (typeof index !== 'number' || names[index] === undefined)
    throw invalid(name, 'value must be one of the enum');
  return index;
}

function canonicalBase64(name: string, value: unknown): string {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) {
    throw invalid(name, 'value must be base64');
  }
  return Buffer.from(value, 'base64').toString('base64');
}

const snakes = new Map<string, string>();

function snake(name: string): string {
  let known = snakes.get(name);
  if (known === undefined) {
    known = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakes.set(name, known);
  }
  return known;
}
