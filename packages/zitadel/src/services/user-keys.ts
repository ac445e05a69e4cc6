import { Secret } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';
import type { Key, KeysSearchFilter, ListedPersonalAccessToken } from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { type Change, changed, requireFields, totalOfPage, type With } from './reading.ts';

/** A key as it can be listed: never its private half. */
export type FoundKey = With<Key, 'id'>;

/** A personal access token as it can be listed: never the token itself. */
export type FoundPersonalAccessToken = With<ListedPersonalAccessToken, 'id'>;

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
  /** When it was added, as Zitadel wrote it and as lists will. */
  readonly createdAt?: string;
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
  /** A user without a secret counts as done. */
  removeSecret(userId: string, options?: CallOptions): Promise<Change>;
  addPersonalAccessToken(
    userId: string,
    expiresAt: Date,
    options?: CallOptions,
  ): Promise<{ readonly tokenId: string; readonly token: Secret<string> }>;
  /** A token that is not there counts as removed. */
  removePersonalAccessToken(userId: string, tokenId: string, options?: CallOptions): Promise<Change>;
  listPersonalAccessTokens(
    filter?: { readonly userId?: string },
    options?: ListOptions,
  ): Listing<FoundPersonalAccessToken>;
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
      const { keyId, keyContent, creationDate } = requireFields(answer, 'the new key', 'keyId');
      return {
        keyId,
        ...(creationDate === undefined ? {} : { createdAt: creationDate }),
        ...(keyContent ? { keyFile: new Secret(Buffer.from(keyContent, 'base64').toString('utf8')) } : {}),
      };
    },

    removeKey: (userId, keyId, options) =>
      changed(transport.call(`${service}/RemoveKey`, { userId, keyId }, options), 'COMMAND-4m77G'),

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

    removeSecret: (userId, options) =>
      changed(transport.call(`${service}/RemoveSecret`, { userId }, options), 'COMMAND-coi82n'),

    removePersonalAccessToken: (userId, tokenId, options) =>
      changed(
        transport.call(`${service}/RemovePersonalAccessToken`, { userId, tokenId }, options),
        'COMMAND-4m77G',
      ),

    listPersonalAccessTokens({ userId } = {}, { pageSize, ...call } = {}) {
      return createListing({
        key: (token) => token.id,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListPersonalAccessTokens`,
            {
              pagination: { offset: String(offset), limit, asc: true },
              sortingColumn: 'PERSONAL_ACCESS_TOKEN_FIELD_NAME_CREATED_DATE',
              ...(userId === undefined ? {} : { filters: [{ userIdFilter: { id: userId } }] }),
            },
            call,
          );
          return {
            items: (answer.result ?? []).map((token) => requireFields(token, 'a token', 'id')),
            total: totalOfPage(answer.pagination),
          };
        },
      });
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
