import type { Fetch } from '@drawbridge/kit';

/** What a target must allow for a case to be checked. */
export type OpenbaoNeed = 'issuer' | 'zitadel' | 'config';

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
  /**
   * Makes a configuration manager over this server, as a program does: variables first, then the store. It is given, since the package
   * that has it stands above this one. Default: none.
   */
  readonly config?: (place: ConfigPlace) => ConfigOverOpenbao;
}

/** Where a configuration manager has its values, and as whom it comes. */
export interface ConfigPlace {
  readonly mount: string;
  readonly app: string;
  readonly environment: string;
  readonly as:
    | { readonly kind: 'userpass'; readonly mount: string; readonly name: string; readonly password: string }
    | { readonly kind: 'jwt'; readonly mount: string; readonly role: string; readonly jwt: string };
  readonly env: Readonly<Record<string, string>>;
}

/** What the contract asks of a configuration manager. */
export interface ConfigOverOpenbao {
  set(
    key: string,
    value: unknown,
    change?: { readonly cas?: number | 'absent' },
  ): Promise<{ readonly version?: number }>;
  /** The value, and the name of the source it came from. */
  get(key: string): Promise<{ readonly value: unknown; readonly source: string }>;
  unset(key: string): Promise<{ readonly removed: boolean }>;
  list(): Promise<readonly string[]>;
  history(key: string): Promise<readonly { readonly version: number; readonly state: string }[]>;
  rollback(key: string, version: number): Promise<{ readonly version?: number }>;
  /** Signs out. */
  close(): Promise<void>;
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
