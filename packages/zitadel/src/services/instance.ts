import type { CallOptions, Transport } from '../transport/index.ts';
import type { CustomDomain, Instance, TrustedDomain } from '../wire/index.ts';
import { createListing, type Listing, type ListOptions } from './listing.ts';
import { requireFields, totalOfPage, type With } from './reading.ts';

/** The instance as a whole; all of it needs `iam.read`. */
export interface InstanceService {
  get(options?: CallOptions): Promise<With<Instance, 'id'>>;
  /** Domains that select the instance: the host of the issuer is one of them. */
  customDomains(options?: ListOptions): Listing<With<CustomDomain, 'domain'>>;
  /** Domains that may be the public name. */
  trustedDomains(options?: ListOptions): Listing<With<TrustedDomain, 'domain'>>;
}

const service = 'zitadel.instance.v2.InstanceService';

/** The instance itself, over its transport. */
export function createInstanceService(transport: Transport): InstanceService {
  return {
    async get(options) {
      const answer = await transport.call(`${service}/GetInstance`, {}, options);
      return requireFields(answer.instance, 'the instance', 'id');
    },
    customDomains({ pageSize, ...call } = {}) {
      return createListing({
        key: ({ domain }) => domain,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListCustomDomains`,
            {
              pagination: { offset: String(offset), limit, asc: true },
              sortingColumn: 'DOMAIN_FIELD_NAME_CREATION_DATE',
            },
            call,
          );
          const items = (answer.domains ?? []).map((one) => requireFields(one, 'a domain', 'domain'));
          return { items, total: totalOfPage(answer.pagination) };
        },
      });
    },
    trustedDomains({ pageSize, ...call } = {}) {
      return createListing({
        key: ({ domain }) => domain,
        pageSize,
        signal: call.signal,
        read: async (offset, limit) => {
          const answer = await transport.call(
            `${service}/ListTrustedDomains`,
            {
              pagination: { offset: String(offset), limit, asc: true },
              sortingColumn: 'TRUSTED_DOMAIN_FIELD_NAME_CREATION_DATE',
            },
            call,
          );
          const items = (answer.trustedDomain ?? []).map((one) => requireFields(one, 'a domain', 'domain'));
          return { items, total: totalOfPage(answer.pagination) };
        },
      });
    },
  };
}
