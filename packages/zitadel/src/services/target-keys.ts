import type { CallOptions, Transport } from '../transport/index.ts';
import type { TargetPublicKey } from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { requireFields, totalOfPage, type With } from './reading.ts';

/** A public key of a target as it is listed. */
export type FoundTargetKey = With<TargetPublicKey, 'keyId'>;

/** Public keys of targets, for which Zitadel encrypts bodies of the kind `jwe`. Needs a Zitadel newer than 4.7. */
export interface TargetKeys {
  /**
   * Adds a key; it is used once it is activated.
   *
   * @param pem RSA or EC, at most 8,192 bytes
   * @throws {DrawbridgeError} `zitadel_precondition` when the target is unknown
   */
  addTargetKey(
    targetId: string,
    pem: string,
    options?: CallOptions & { readonly expiresAt?: Date },
  ): Promise<string>;
  /** Makes it the only active key. Repeating it is success. */
  activateTargetKey(targetId: string, keyId: string, options?: CallOptions): Promise<void>;
  deactivateTargetKey(targetId: string, keyId: string, options?: CallOptions): Promise<void>;
  /** @throws {DrawbridgeError} `zitadel_precondition` when the key is active or unknown */
  removeTargetKey(targetId: string, keyId: string, options?: CallOptions): Promise<void>;
  listTargetKeys(targetId: string, options?: ListOptions): Listing<FoundTargetKey>;
}

const service = 'zitadel.action.v2.ActionService';

/** Public keys of targets, a part of the actions. */
export function createTargetKeys(transport: Transport): TargetKeys {
  return {
    async addTargetKey(targetId, pem, { expiresAt, ...options } = {}) {
      const request = {
        targetId,
        publicKey: Buffer.from(pem).toString('base64'),
        ...(expiresAt ? { expirationDate: expiresAt.toISOString() } : {}),
      };
      const answer = await transport.call(`${service}/AddPublicKey`, request, options);
      return requireFields(answer, 'the new key', 'keyId').keyId;
    },
    async activateTargetKey(targetId, keyId, options) {
      const call = { ...options, repeatable: true };
      await transport.call(`${service}/ActivatePublicKey`, { targetId, keyId }, call);
    },
    async deactivateTargetKey(targetId, keyId, options) {
      const call = { ...options, repeatable: true };
      await transport.call(`${service}/DeactivatePublicKey`, { targetId, keyId }, call);
    },
    async removeTargetKey(targetId, keyId, options) {
      await transport.call(`${service}/RemovePublicKey`, { targetId, keyId }, options);
    },
    listTargetKeys(targetId, { pageSize, ...call } = {}) {
      return createListing({
        key: (key) => key.keyId,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const pagination = { offset: String(offset), limit, asc: true };
          const sortingColumn = 'PUBLIC_KEY_FIELD_NAME_CREATION_DATE';
          const request = { targetId, pagination, sortingColumn } as const;
          const answer = await transport.call(`${service}/ListPublicKeys`, request, call);
          return {
            items: (answer.publicKeys ?? []).map((key) => requireFields(key, 'a key', 'keyId')),
            total: totalOfPage(answer.pagination),
          };
        },
      });
    },
  };
}
