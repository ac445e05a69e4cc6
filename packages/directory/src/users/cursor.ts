import { DrawbridgeError } from '@drawbridge/kit';

/** A place in an order: the value that was sorted by, and the id behind it. */
export interface Cursor {
  readonly value: string;
  readonly id: string;
}

/** A cursor as clients carry it: not theirs to read. */
export function writeCursor(sort: string, value: string, id: string): string {
  return Buffer.from(JSON.stringify([sort, value, id])).toString('base64url');
}

/** @throws {DrawbridgeError} `invalid_request` unless it was written for this order */
export function readCursor(text: string, sort: string): Cursor {
  try {
    const read: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (Array.isArray(read) && read.length === 3 && read[0] === sort) {
      const [, value, id] = read as unknown[];
      if (typeof value === 'string' && typeof id === 'string') return { value, id };
    }
  } catch (cause) {
    throw refused(cause);
  }
  throw refused();
}

function refused(cause?: unknown): DrawbridgeError {
  return new DrawbridgeError('invalid_request', {
    problems: [{ field: 'after', message: 'is not the cursor of a page in this order' }],
    ...(cause === undefined ? {} : { cause }),
  });
}
