import { DrawbridgeError } from '@drawbridge/kit';
import type { CallOptions, Transport } from '../transport/index.ts';
import type { AccountBody } from '../wire/index.ts';
import { readList, type Shape } from './reading.ts';

/** The account that the token belongs to, with the settings that matter to whoever manages its users. */
export interface NetbirdAccount {
  readonly id: string;
  readonly domain: string;
  /** Whether somebody who signs in for the first time is blocked until approved. */
  readonly approvesUsers: boolean;
  /** Whether a change of a user's groups reaches the devices that are there already. */
  readonly propagatesGroups: boolean;
  /** Where groups come from tokens: they are rewritten at every sign-in. Absent where they do not. */
  readonly groupsFromTokens?: {
    readonly claim: string;
    /** Where not empty, only tokens with one of these are let in. */
    readonly allowed: readonly string[];
  };
  /** Whether people sign in through NetBird's embedded identity provider, so that ids are not the plain subject. */
  readonly embeddedIdentityProvider: boolean;
}

/** NetBird's account. */
export interface Account {
  /** @throws {DrawbridgeError} `netbird_forbidden`, `invalid_response` */
  get(options?: CallOptions): Promise<NetbirdAccount>;
}

const shape: Shape = { id: 'string', settings: 'object' };

/** The account of a token, over the transport. */
export function createAccount(transport: Transport): Account {
  return {
    async get(options) {
      const answer = await transport.call('GET', '/api/accounts', undefined, options);
      const [account] = readList<AccountBody>(answer, 'an account', shape);
      if (!account) {
        throw new DrawbridgeError('invalid_response', {
          message: 'NetBird names no account.',
          where: transport.url,
        });
      }
      const { settings } = account;
      return {
        id: account.id,
        domain: account.domain,
        approvesUsers: settings.extra?.user_approval_required ?? false,
        propagatesGroups: settings.groups_propagation_enabled ?? false,
        embeddedIdentityProvider: settings.embedded_idp_enabled ?? false,
        ...(settings.jwt_groups_enabled
          ? {
              groupsFromTokens: {
                claim: settings.jwt_groups_claim_name ?? '',
                allowed: settings.jwt_allow_groups ?? [],
              },
            }
          : {}),
      };
    },
  };
}
