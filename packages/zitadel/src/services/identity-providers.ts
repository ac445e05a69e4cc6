import type { CallOptions, Transport } from '../transport/index.ts';
import type { Idp } from '../wire/index.ts';
import { requireFields, type With } from './reading.ts';

/** An identity provider as it is read. */
export type FoundIdentityProvider = With<Idp, 'id' | 'name'>;

/** External identity providers. Zitadel's second API only reads them. */
export interface IdentityProviders {
  /** @throws {DrawbridgeError} `zitadel_not_found` */
  get(id: string, options?: CallOptions): Promise<FoundIdentityProvider>;
}

/** The identity providers of an instance, over its transport. */
export function createIdentityProviders(transport: Transport): IdentityProviders {
  return {
    async get(id, options) {
      const answer = await transport.call(
        'zitadel.idp.v2.IdentityProviderService/GetIDPByID',
        { id },
        options,
      );
      return requireFields(answer.idp, 'an identity provider', 'id', 'name');
    },
  };
}
