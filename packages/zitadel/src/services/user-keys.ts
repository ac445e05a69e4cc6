import { Secret } from '@drawbridge/kit';
import { type CallOptions, hasId, type Transport } from '../transport/index.ts';
import type { Key, KeysSearchFilter } from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { type Change, requireFields, totalOfPage, type With } from './reading.ts';

/** A key as it can be listed: never its private half. */
export type FoundKey = With<Key, 'id'>;

/** A key to be. */
export interface NewKey {
  /** When it ends; Zitadel requires it and refuses the past. */
  readonly expiresAt: Date;
  /** PEM of the public half, where the private one is to stay with us. */
  readonly publicKey?: string;
}

/** A key that was just added. */
export interface AddedKey {
  readonly keyId: string;
  /** The key file, given once and never again; absent where a public key was given. */
  readonly keyFile?: Secret<string>;
}

/** Which keys to list. */
export interface KeyFilter {
  readonly userId?: string;
  readonly organizationId?: string;
  readonly filters?: readonly KeysSearchFilter[];
}

/** Keys and secrets of machine users. */
export interface UserKeys {
  /** @throws {DrawbridgeError} `zitadel_precondition` when the user is unknown or a person */
  addKey(userId: string, key: NewKey, options?: CallOptions): Promise<AddedKey>;
  /** A key that is not there counts as removed. */
  removeKey(userId: string, keyId: string, options?: CallOptions): Promise<Change>;
  listKeys(filter?: KeyFilter, options?: ListOptions): Listing<FoundKey>;
  /** Makes or replaces the secret; the client id that goes with it is the user's login name. */
  addSecret(userId: string, options?: CallOptions): Promise<Secret<string>>;
  addPersonalAccessToken(
    userId: string,
    expiresAt: Date,
    options?: CallOptions,
  ): Promise<{ readonly tokenId: string; readonly token: Secret<string> }>;
}

const service = 'zitadel.user.v2.UserService';

/** Keys and secrets, a part of {@link Users}. */
export function createUserKeys(transport: Transport): UserKeys {
  return {
    async addKey(userId, key, options) {
      const answer = await transport.call(
        `${service}/AddKey`,
        {
          userId,
          expirationDate: key.expiresAt.toISOString(),
          ...(key.publicKey === undefined
            ? {}
            : { publicKey: Buffer.from(key.publicKey).toString('base64') }),
        },
        options,
      );
      const { keyId, keyContent } = requireFields(answer, 'the new key', 'keyId');
      return {
        keyId,
        ...(keyContent ? { keyFile: new Secret(Buffer.from(keyContent, 'base64').toString('utf8')) } : {}),
      };
    },

    async removeKey(userId, keyId, options) {
      try {
        await transport.call(`${service}/RemoveKey`, { userId, keyId }, options);
        return { changed: true };
      } catch (error) {
        if (hasId(error, 'COMMAND-4m77G')) return { changed: false };
        throw error;
      }
    },

    listKeys({ userId, organizationId, filters = [] } = {}, { pageSize, ...call } = {}) {
      const all = [
        ...filters,
        ...(userId === undefined ? [] : [{ userIdFilter: { id: userId } }]),
        ...(organizationId === undefined ? [] : [{ organizationIdFilter: { id: organizationId } }]),
      ];
      return createListing({
        key: (key) => key.id,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListKeys`,
            {
              pagination: { offset: String(offset), limit, asc: true },
              sortingColumn: 'KEY_FIELD_NAME_CREATED_DATE',
              ...(all.length > 0 ? { filters: all } : {}),
            },
            call,
          );
          return {
            items: (answer.result ?? []).map((key) => requireFields(key, 'a key', 'id')),
            total: totalOfPage(answer.pagination),
          };
        },
      });
    },

    async addSecret(userId, options) {
      const answer = await transport.call(`${service}/AddSecret`, { userId }, options);
      return new Secret(requireFields(answer, 'the new secret', 'clientSecret').clientSecret);
    },

    async addPersonalAccessToken(userId, expiresAt, options) {
      const answer = await transport.call(
        `${service}/AddPersonalAccessToken`,
        { userId, expirationDate: expiresAt.toISOString() },
        options,
      );
      const { tokenId, token } = requireFields(answer, 'the new token', 'tokenId', 'token');
      return { tokenId, token: new Secret(token) };
    },
  };
}
