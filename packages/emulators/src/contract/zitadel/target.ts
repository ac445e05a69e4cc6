import type { Fetch } from '@drawbridge/kit';
import type { ServiceAccountKey } from '../../zitadel/index.ts';

/** A Zitadel to run the contract on: the emulator's, or a real one. */
export interface ContractTarget {
  /** Byte for byte, without a slash at the end. */
  readonly issuer: string;
  /** Key of a service account with IAM_OWNER. */
  readonly serviceAccountKey: ServiceAccountKey;
  readonly fetch: Fetch;
}

/** One statement about Zitadel's wire that can be checked on any instance. It leaves nothing behind. */
export interface ContractCase {
  /** What holds. */
  readonly name: string;
  /** Number of the quirk in the reference's list, where it proves one. */
  readonly quirk?: number;
  /** Resolves when it holds; rejects with an AssertionError when it does not. */
  readonly run: (target: ContractTarget) => Promise<void>;
}
