import type { Fetch } from '@drawbridge/kit';
import type { ServiceAccountKey } from '../../zitadel/index.ts';

/** A Zitadel to run the contract on: the emulator's, or a real one. */
export interface ContractTarget {
  /** Byte for byte, without a slash at the end. */
  readonly issuer: string;
  /** Key of a service account with IAM_OWNER. */
  readonly serviceAccountKey: ServiceAccountKey;
  readonly fetch: Fetch;
  /**
   * Whether it calls targets of actions on loopback, on this machine: cases that say so in `needs` are for such ones, cases
   * that say it in `unless` for others. Default false.
   */
  readonly allowsLoopback?: boolean;
  /** Told of every method that is called, such as `zitadel.user.v2.UserService/CreateUser`. */
  readonly onCall?: (method: string) => void;
}

/** One statement about Zitadel's wire that can be checked on any instance. It leaves nothing behind. */
export interface ContractCase {
  /** What holds. */
  readonly name: string;
  /** Number of the quirk in the reference's list, where it proves one. */
  readonly quirk?: number;
  /** What the target must allow for this to be checked; skip it elsewhere. */
  readonly needs?: 'loopback';
  /** What the target must not allow. */
  readonly unless?: 'loopback';
  /** Resolves when it holds; rejects with an AssertionError when it does not. */
  readonly run: (target: ContractTarget) => Promise<void>;
}
