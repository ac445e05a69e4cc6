import type { CallOptions, Transport } from '../transport/index.ts';
import type { Metadata } from '../wire/index.ts';
import { createListing } from './listing.ts';
import { decodeMetadata, encodeMetadata, type MetadataMap } from './metadata.ts';
import { totalOfPage } from './reading.ts';

/** Metadata of a user, as text. */
export interface UserMetadata {
  /** All of it, read fresh. */
  metadata(id: string, options?: CallOptions): Promise<Map<string, string>>;
  /** Sets these keys and leaves the others; an empty value removes its key. */
  setMetadata(id: string, values: MetadataMap, options?: CallOptions): Promise<void>;
  removeMetadata(id: string, keys: readonly string[], options?: CallOptions): Promise<void>;
}

const service = 'zitadel.user.v2.UserService';

/** Metadata, a part of {@link Users}. */
export function createUserMetadata(transport: Transport): UserMetadata {
  return {
    async metadata(id, options) {
      const listing = createListing<Metadata>({
        key: (entry) => entry.key ?? '',
        signal: options?.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListUserMetadata`,
            { userId: id, pagination: { offset: String(offset), limit, asc: true } },
            options,
          );
          return { items: answer.metadata ?? [], total: totalOfPage(answer.pagination) };
        },
      });
      return decodeMetadata(await listing.all());
    },
    async setMetadata(id, values, options) {
      const metadata = encodeMetadata(values);
      if (metadata.length === 0) return; // Zitadel refuses an empty list
      await transport.call(
        `${service}/SetUserMetadata`,
        { userId: id, metadata },
        { ...options, repeatable: true },
      );
    },
    async removeMetadata(id, keys, options) {
      if (keys.length === 0) return;
      await transport.call(`${service}/DeleteUserMetadata`, { userId: id, keys }, options);
    },
  };
}
