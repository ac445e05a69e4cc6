import { resolve } from 'node:path';
import { Secret } from '../secret/index.ts';

/** What a validator says: the value, or what is wrong as a sentence part ("is not a URL"). */
export type Checked<T> = { readonly value: T } | { readonly complaint: string };

/** Reads one value as it comes from a flag, a variable (text) or a YAML file (text, number, boolean). */
export type Validator<T> = (input: unknown) => Checked<T>;

const wrong = (complaint: string) => ({ complaint });

/** Text that is not empty. YAML numbers and booleans are taken as they are written. */
export function text(): Validator<string> {
  return (input) => {
    const value = asText(input);
    return value === undefined || value === '' ? wrong('is not a text') : { value };
  };
}

/** An absolute http or https URL without user name and password. It is kept byte for byte, since issuers are compared so. */
export function url(): Validator<string> {
  return (input) => {
    const value = asText(input) ?? '';
    if (!URL.canParse(value)) return wrong('is not a URL such as https://sso.acme.example');
    const { protocol, username, password } = new URL(value);
    if (protocol !== 'https:' && protocol !== 'http:')
      return wrong('does not start with https:// or http://');
    if (username || password) return wrong('holds a user name or password, which does not belong in a URL');
    return { value };
  };
}

export interface IntegerRange {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number within a range, ends included. */
export function integer(range: IntegerRange = {}): Validator<number> {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range;
  return (input) => {
    const written = asText(input) ?? '';
    const value = /^[+-]?\d+$/.test(written) ? Number(written) : Number.NaN;
    if (!Number.isSafeInteger(value)) return wrong('is not a whole number');
    if (value < min) return wrong(`is less than ${min}`);
    if (value > max) return wrong(`is more than ${max}`);
    return { value };
  };
}

/** A TCP port; 0 lets the system choose. */
export function port(): Validator<number> {
  const check = integer({ min: 0, max: 65_535 });
  return (input) => {
    const checked = check(input);
    return 'value' in checked ? checked : wrong('is not a port from 0 to 65535');
  };
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length of time in milliseconds, written as `250ms`, `30s`, `5m`, `12h`, `7d` or several of them (`1h30m`). */
export function duration(range: IntegerRange = {}): Validator<number> {
  const { min = 0, max = 3_650 * 86_400_000 } = range;
  return (input) => {
    const written = asText(input) ?? '';
    if (!/^(\d+(ms|s|m|h|d))+$/.test(written))
      return wrong('is not a length of time such as 30s, 5m or 1h30m');
    let value = 0;
    for (const [, amount, unit] of written.matchAll(/(\d+)(ms|s|m|h|d)/g)) {
      value += Number(amount) * (unitMs[unit ?? ''] ?? Number.NaN);
    }
    if (value < min) return wrong(`is shorter than ${min} ms`);
    return value > max ? wrong(`is longer than ${max} ms`) : { value };
  };
}

/** `true`/`false`, also `1`/`0`, `yes`/`no`, `on`/`off`. */
export function boolean(): Validator<boolean> {
  return (input) => {
    const written = asText(input)?.toLowerCase() ?? '';
    if (['true', '1', 'yes', 'on'].includes(written)) return { value: true };
    return ['false', '0', 'no', 'off'].includes(written)
      ? { value: false }
      : wrong('is neither true nor false');
  };
}

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Validator<Word> {
  return (input) => {
    const value = words.find((word) => word === asText(input));
    return value === undefined ? wrong(`is not one of ${words.join(', ')}`) : { value };
  };
}

/** Text that must not be printed; complaints never quote it. */
export function secret(): Validator<Secret> {
  return (input) => {
    const value = asText(input);
    return value === undefined || value === '' ? wrong('is empty') : { value: new Secret(value) };
  };
}

/** A path, made absolute against the working folder. Whether something is there is found out by who opens it. */
export function path(): Validator<string> {
  return (input) => {
    const value = asText(input);
    return value === undefined || value === '' || value.includes('\0')
      ? wrong('is not a path')
      : { value: resolve(value) };
  };
}

/** Several values: a YAML list, or a text with commas. */
export function list<T>(each: Validator<T>): Validator<readonly T[]> {
  return (input) => {
    const items = Array.isArray(input) ? input : (asText(input) ?? '').split(',').map((item) => item.trim());
    const values: T[] = [];
    for (const [at, item] of items.filter((entry) => entry !== '').entries()) {
      const checked = each(item);
      if ('complaint' in checked) return wrong(`has an item (number ${at + 1}) that ${checked.complaint}`);
      values.push(checked.value);
    }
    return { value: values };
  };
}

function asText(input: unknown): string | undefined {
  if (typeof input === 'string') return input.trim();
  return typeof input === 'number' || typeof input === 'boolean' ? String(input) : undefined;
}
