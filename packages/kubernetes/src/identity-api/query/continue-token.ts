import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock, Secret } from '@drawbridge/kit';
import { badRequest, StatusError } from '../wire/index.ts';

/** Where the next page begins: behind the last object of the former one, in the order of creation. */
export interface Cursor {
  /** When the last object was created, as Zitadel wrote it. */
  readonly at: string;
  /** Objects of that very moment that the caller has had. */
  readonly had: readonly string[];
}

/** Makes and reads the `continue` of lists. */
export interface ContinueTokens {
  /** @param bound whom and which list it is for: user, resource, selectors */
  write(cursor: Cursor, bound: string): string;
  /**
   * @throws {StatusError} `invalid_request` for one that we did not make for this very list, `list_expired` for an old one
   */
  read(token: string, bound: string): Cursor;
}

/** What signs tokens, and how long they are good. */
export interface ContinueTokenOptions {
  /** The same on every replica. */
  readonly key: Secret<string>;
  /** Milliseconds. Default 300,000, as long as kube-apiserver keeps a list. */
  readonly lifeMs?: number;
  readonly clock: Clock;
}

const longest = 16 * 1_024;

/**
 * Makes the tokens. They say nothing that the caller has not seen, but they are signed: one that was put together by hand must not
 * make us read from where the caller has no business, nor one of another user's list.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export function createContinueTokens({ key, lifeMs = 300_000, clock }: ContinueTokenOptions): ContinueTokens {
  const sign = (payload: string, bound: string) =>
    createHmac('sha256', key.expose())
      .update(JSON.stringify([payload, bound]))
      .digest();
  return {
    write({ at, had }, bound) {
      const payload = Buffer.from(JSON.stringify([clock.now(), at, had])).toString('base64url');
      return `${payload}.${sign(payload, bound).toString('base64url')}`;
    },
    read(token, bound) {
      const [payload = '', signature = '', ...more] = token.slice(0, longest).split('.');
      const given = Buffer.from(signature, 'base64url');
      const right = sign(payload, bound);
      if (more.length > 0 || given.length !== right.length || !timingSafeEqual(given, right))
        throw badRequest('continue key is not valid');
      // It is ours, so it is of the form that we write.
      const [madeAt, at, had] = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as [
        number,
        string,
        string[],
      ];
      if (madeAt + lifeMs < clock.now()) {
        throw new StatusError(
          'list_expired',
          'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
        );
      }
      return { at, had };
    },
  };
}
