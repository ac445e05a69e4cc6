import { DrawbridgeError } from '@drawbridge/kit';
import { OpenbaoError } from '../transport/index.ts';

/** The fields of an answer that we depend on, by their type. */
export type Shape = Readonly<Record<string, 'string' | 'boolean' | 'number' | 'object' | 'strings'>>;

/**
 * A value as one object, with the fields there that we depend on.
 *
 * @throws {DrawbridgeError} `invalid_response`
 */
export function readObject<T>(value: unknown, what: string, shape: Shape = {}): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(what, 'no object');
  const fields = value as Readonly<Record<string, unknown>>;
  for (const [name, type] of Object.entries(shape)) {
    if (!hasType(fields[name], type)) throw wrong(what, `no ${name}`);
  }
  return value as T;
}

function hasType(field: unknown, type: Shape[string]): boolean {
  if (type === 'strings') return Array.isArray(field) && field.every((one) => typeof one === 'string');
  return field !== null && typeof field === type;
}

/** What an answer's envelope holds. @throws {DrawbridgeError} `invalid_response` */
export function readData<T>(answer: unknown, what: string, shape: Shape = {}): T {
  return readObject<T>(readObject<{ readonly data?: unknown }>(answer, what).data, what, shape);
}

/** The result of a read; undefined for what is not there, which is 404 without a word. A missing mount still throws. */
export async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof OpenbaoError && error.code === 'openbao_not_found') return undefined;
    throw error;
  }
}

/** The keys of a LIST, which is 404 where there are none. */
export async function keysOf(work: Promise<unknown>): Promise<readonly string[]> {
  const answer = await orUndefined(work);
  if (answer === undefined) return [];
  return readData<{ readonly keys: readonly string[] }>(answer, 'a list', { keys: 'strings' }).keys;
}

/** A name as one segment of a path. @throws {DrawbridgeError} `invalid_request` */
export function segment(name: string): string {
  if (name.includes('/')) throw badPath(name);
  return pathOf(name);
}

/**
 * A path of one or more segments, without slashes at its ends. OpenBao refuses segments of dots, and would read others than
 * these as another path.
 *
 * @throws {DrawbridgeError} `invalid_request`
 */
export function pathOf(path: string): string {
  const segments = path.replace(/^\/+|\/+$/g, '').split('/');
  if (segments.some((one) => one === '' || one === '.' || one === '..')) throw badPath(path);
  return segments.map(encodeURIComponent).join('/');
}

/** A folder to list: as a path, and the root where it is empty. */
export function folderOf(path: string): string {
  const trimmed = path.replace(/^\/+|\/+$/g, '');
  return trimmed === '' ? '' : pathOf(trimmed);
}

function badPath(saw: string): DrawbridgeError {
  return new DrawbridgeError('invalid_request', { message: 'A path or name of OpenBao is needed.', saw });
}

function wrong(what: string, saw: string): DrawbridgeError {
  return new DrawbridgeError('invalid_response', {
    message: `OpenBao's answer does not have the form of ${what}.`,
    saw,
  });
}
