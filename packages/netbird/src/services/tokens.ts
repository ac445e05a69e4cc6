import { Secret } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';
import type { CreatedTokenBody, CreateTokenBody, TokenBody } from '../wire/index.ts';
import { isMissing, readList, readObject, readTime, type Shape, segment } from './reading.ts';

/** A personal access token, without its secret. */
export interface NetbirdToken {
  readonly id: string;
  readonly name: string;
  readonly createdBy: string;
  readonly expiresAt: Date;
  /** Absent for never. */
  readonly lastUsed?: Date;
}

/** A token to be. */
export interface NewToken {
  readonly name: string;
  /** Life in days, 1 to 365: there are none without an end. */
  readonly days: number;
}

/**
 * Personal access tokens: one's own, or as an admin those of a service user. Every method throws what the transport throws;
 * the codes named are those to expect.
 */
export interface Tokens {
  /** @throws {DrawbridgeError} `netbird_forbidden` for another person's tokens, `netbird_not_found` for an unknown user */
  list(userId: string, options?: CallOptions): Promise<readonly NetbirdToken[]>;
  /**
   * Makes a token. It is shown this once; a repeat makes another.
   *
   * @throws {DrawbridgeError} `netbird_forbidden`, `netbird_invalid_argument` for a life beyond the limits
   */
  create(
    userId: string,
    token: NewToken,
    options?: CallOptions,
  ): Promise<{ readonly token: Secret; readonly about: NetbirdToken }>;
  /** Ends a token. One that is not there is fine. */
  remove(userId: string, tokenId: string, options?: CallOptions): Promise<void>;
}

const shape: Shape = { id: 'string', expiration_date: 'string' };

/** The tokens of a NetBird, over its transport. */
export function createTokens(transport: Transport): Tokens {
  const pathOf = (userId: string) => `/api/users/${segment(userId)}/tokens`;
  return {
    list: async (userId, options) =>
      readList<TokenBody>(
        await transport.call('GET', pathOf(userId), undefined, options),
        'a token',
        shape,
      ).map(toToken),

    async create(userId, { name, days }, options) {
      const body: CreateTokenBody = { name, expires_in: days };
      const answer = await transport.call('POST', pathOf(userId), body, options);
      const made = readObject<CreatedTokenBody>(answer, 'a new token', {
        plain_token: 'string',
        personal_access_token: 'object',
      });
      return {
        token: new Secret(made.plain_token),
        about: toToken(readObject<TokenBody>(made.personal_access_token, 'a token', shape)),
      };
    },

    async remove(userId, tokenId, options) {
      try {
        await transport.call('DELETE', `${pathOf(userId)}/${segment(tokenId)}`, undefined, options);
      } catch (error) {
        // A user who is gone took the tokens along.
        if (!isMissing(error, `pat: ${tokenId} not found`, `user: ${userId} not found`)) throw error;
      }
    },
  };
}

function toToken(body: TokenBody): NetbirdToken {
  const lastUsed = readTime(body.last_used);
  return {
    id: body.id,
    name: body.name,
    createdBy: body.created_by,
    expiresAt: new Date(body.expiration_date),
    ...(lastUsed ? { lastUsed } : {}),
  };
}
