import type { Fetch } from '@drawbridge/kit';

/** What a target must allow for a case to be checked. */
export type OpenbaoNeed = 'issuer' | 'zitadel';

/** An OpenBao to run the contract on: the emulator's, or a real one. */
export interface OpenbaoContractTarget {
  /** Without `/v1`. */
  readonly url: string;
  /** A root token, or one that may enable mounts and write policies. */
  readonly token: string;
  readonly fetch: Fetch;
  /** An issuer that OpenBao reaches, and how to get tokens of it. Default: none. */
  readonly issuer?: {
    /** `iss` of its tokens, byte for byte; its discovery document is below it. */
    readonly url: string;
    /** Signs claims as they are. */
    readonly sign: (claims: Readonly<Record<string, unknown>>) => Promise<string>;
  };
  /** Issuer of a Zitadel. Default: none. */
  readonly zitadel?: string;
}

/** One statement about OpenBao's wire that can be checked on any server. It leaves nothing behind. */
export interface OpenbaoContractCase {
  /** What holds. */
  readonly name: string;
  /** Number of the quirk, for those that surprise. */
  readonly quirk?: number;
  /** File of OpenBao it comes from. */
  readonly source: string;
  /** Skip it on targets that lack any of these. */
  readonly needs?: readonly OpenbaoNeed[];
  /** Resolves when it holds; rejects with an AssertionError when it does not. */
  readonly run: (target: OpenbaoContractTarget) => Promise<void>;
}

/** Whether a target allows a case to be checked. */
export function isOpenbaoCheckable(
  { needs = [] }: OpenbaoContractCase,
  target: Partial<OpenbaoContractTarget>,
): boolean {
  return needs.every((need) => target[need] !== undefined);
}
