import type { Fetch } from '@drawbridge/kit';
import type { Identity, Person } from '../../netbird/index.ts';

/** What a target must allow for a case to be checked. */
export type NetbirdNeed = 'firstSignIn' | 'connectPeer' | 'idpManager' | 'noIdpManager' | 'dex';

/** A NetBird to run the contract on: the emulator's, or a real one. */
export interface NetbirdContractTarget {
  /** Without `/api`. */
  readonly url: string;
  /** Personal access token of an admin or the owner. */
  readonly token: string;
  readonly fetch: Fetch;
  /** How people's ids look. Default `external`. */
  readonly identity?: Identity;
  /** An identity provider manager that NetBird has, and how to add somebody to the provider. Default: it has none. */
  readonly idpManager?: {
    add(person: { readonly id: string; readonly email: string; readonly name: string }): Promise<void>;
  };
  /** An access token of a person, as the identity provider would give it. Default: nobody can sign in. */
  readonly accessToken?: (person: Person) => Promise<string>;
  /** Lets a person sign in on a device. Default: no device can appear. */
  readonly connectPeer?: (person: Person, name: string) => Promise<void>;
}

/** One statement about NetBird's wire that can be checked on any account. It leaves nothing behind. */
export interface NetbirdContractCase {
  /** What holds. */
  readonly name: string;
  /** Number of the quirk, for those that surprise. */
  readonly quirk?: number;
  /** File of NetBird it comes from. */
  readonly source: string;
  /** Skip it on targets that lack any of these. */
  readonly needs?: readonly NetbirdNeed[];
  /** Resolves when it holds; rejects with an AssertionError when it does not. */
  readonly run: (target: NetbirdContractTarget) => Promise<void>;
}

/** Whether a target allows a case to be checked. */
export function isCheckable(
  { needs = [] }: NetbirdContractCase,
  target: Partial<NetbirdContractTarget>,
): boolean {
  const isDex = target.identity === 'dex';
  const has: Readonly<Record<NetbirdNeed, boolean>> = {
    firstSignIn: target.accessToken !== undefined,
    connectPeer: target.connectPeer !== undefined,
    idpManager: target.idpManager !== undefined && !isDex,
    noIdpManager: target.idpManager === undefined && !isDex,
    dex: isDex,
  };
  return needs.every((need) => has[need]);
}
