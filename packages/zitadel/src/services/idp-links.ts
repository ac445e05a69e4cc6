import type { CallOptions, Transport } from '../transport/index.ts';
import type { IdpLink } from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { requireFields, totalOf, type With } from './reading.ts';

/** A user's account at an external identity provider. */
export type FoundIdpLink = With<Partial<IdpLink>, 'idpId' | 'userId'>;

/** Ties of users to accounts at external identity providers. */
export interface IdpLinks {
  listIdpLinks(userId: string, options?: ListOptions): Listing<FoundIdpLink>;
  /** @throws {DrawbridgeError} `zitadel_precondition` for an unknown provider, `zitadel_already_exists` for an account in use */
  addIdpLink(userId: string, link: Required<IdpLink>, options?: CallOptions): Promise<void>;
  /** @throws {DrawbridgeError} `zitadel_not_found` where there is no such link */
  removeIdpLink(
    userId: string,
    link: { readonly idpId: string; readonly userId: string },
    options?: CallOptions,
  ): Promise<void>;
}

const service = 'zitadel.user.v2.UserService';

/** Links to identity providers, a part of the users. */
export function createIdpLinks(transport: Transport): IdpLinks {
  return {
    listIdpLinks: (userId, { pageSize, ...call } = {}) =>
      createListing({
        key: (link) => JSON.stringify([link.idpId, link.userId]),
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const query = { offset: String(offset), limit, asc: true };
          const answer = await transport.call(`${service}/ListIDPLinks`, { userId, query }, call);
          return {
            items: (answer.result ?? []).map((link) => requireFields(link, 'a link', 'idpId', 'userId')),
            total: totalOf(answer.details),
          };
        },
      }),
    async addIdpLink(userId, idpLink, options) {
      await transport.call(`${service}/AddIDPLink`, { userId, idpLink }, options);
    },
    async removeIdpLink(userId, link, options) {
      const request = { userId, idpId: link.idpId, linkedUserId: link.userId };
      await transport.call(`${service}/RemoveIDPLink`, request, options);
    },
  };
}
