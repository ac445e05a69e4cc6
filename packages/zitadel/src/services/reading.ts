import { DrawbridgeError } from '@drawbridge/kit';
import { hasId } from '../transport/index.ts';
import type { ListDetails, PaginationResponse, Uint64 } from '../wire/index.ts';

/** An object whose named fields are there. proto3 makes every field optional; these we cannot do without. */
export type With<T, K extends keyof T> = T & { [P in K]-?: NonNullable<T[P]> };

/**
 * Shows that an answer holds the fields we depend on.
 *
 * @throws {DrawbridgeError} `invalid_response` naming the first one that is missing
 */
export function requireFields<T extends object, K extends keyof T & string>(
  value: T | undefined,
  what: string,
  ...fields: readonly K[]
): With<T, K> {
  const missing = value === undefined ? 'it' : fields.find((field) => value[field] === undefined);
  if (value === undefined || missing !== undefined) {
    throw new DrawbridgeError('invalid_response', {
      message: `Zitadel's answer about ${what} lacks ${missing === 'it' ? 'the object' : `\`${missing}\``}.`,
    });
  }
  return value as With<T, K>;
}

/** A 64-bit count, which travels as text. */
function toCount(value: Uint64 | undefined): number {
  const count = Number(value ?? 0);
  return Number.isSafeInteger(count) && count >= 0 ? count : 0;
}

/** The count of an old-style list. */
export function totalOf(details: ListDetails | undefined): number {
  return toCount(details?.totalResult);
}

/** The count of a new-style list. */
export function totalOfPage(pagination: PaginationResponse | undefined): number {
  return toCount(pagination?.totalResult);
}

/** Zitadel's "nothing happened": no date, or the zero one. */
export function isRealDate(date: string | undefined): boolean {
  return date !== undefined && !date.startsWith('0001-01-01');
}

/** What came of asking for a state. */
export interface Change {
  /** False where it was so already. */
  readonly changed: boolean;
}

/** Waits for a change; a failure with one of these ids says that it was so already. */
export async function changed(call: Promise<unknown>, ...already: readonly string[]): Promise<Change> {
  try {
    await call;
    return { changed: true };
  } catch (error) {
    if (hasId(error, ...already)) return { changed: false };
    throw error;
  }
}
