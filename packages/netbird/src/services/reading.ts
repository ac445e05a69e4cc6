import { DrawbridgeError } from '@drawbridge/kit';
import { NetbirdError } from '../transport/index.ts';

/** The fields of an answer that we depend on, by their type. */
export type Shape = Readonly<Record<string, 'string' | 'boolean' | 'number' | 'object'>>;

/**
 * An answer as one object, with the fields there that we depend on.
 *
 * @throws {DrawbridgeError} `invalid_response`
 */
export function readObject<T>(answer: unknown, what: string, shape: Shape): T {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) throw wrong(what, 'no object');
  const fields = answer as Readonly<Record<string, unknown>>;
  for (const [name, type] of Object.entries(shape)) {
    if (fields[name] === null || typeof fields[name] !== type) throw wrong(what, `no ${name}`);
  }
  return answer as T;
}

/**
 * An answer as a list. NetBird writes null for some lists that are empty.
 *
 * @throws {DrawbridgeError} `invalid_response`
 */
export function readList<T>(answer: unknown, what: string, shape: Shape): readonly T[] {
  if (answer === null) return [];
  if (!Array.isArray(answer)) throw wrong(what, 'no list');
  return answer.map((one: unknown) => readObject<T>(one, what, shape));
}

/** NetBird's "never" and times that are no times are undefined. */
export function readTime(text: string | undefined): Date | undefined {
  const time = new Date(text ?? '');
  return Number.isNaN(time.getTime()) || time.getUTCFullYear() <= 1 ? undefined : time;
}

/**
 * Whether NetBird says that just this thing is missing. A token that NetBird does not know is answered with 404 as well, and a
 * path that it does not serve too; neither says anything about the thing.
 */
export function isMissing(error: unknown, ...texts: readonly string[]): boolean {
  return (
    error instanceof NetbirdError &&
    error.code === 'netbird_not_found' &&
    texts.some((text) => error.text === text.toLowerCase())
  );
}

/** An id or a name as one segment of a path. */
export function segment(id: string): string {
  if (id === '' || id === '.' || id === '..') {
    throw new DrawbridgeError('invalid_request', { message: 'An id of NetBird is needed.', saw: id });
  }
  return encodeURIComponent(id);
}

function wrong(what: string, saw: string): DrawbridgeError {
  return new DrawbridgeError('invalid_response', {
    message: `NetBird's answer does not have the form of ${what}.`,
    saw,
  });
}
