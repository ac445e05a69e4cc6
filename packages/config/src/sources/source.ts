import type { ConfigDefinition } from '../definition/index.ts';

/** What a source is told beside the key. */
export interface ReadContext {
  /** Whether a person may be asked: for the value itself, or to sign in. */
  readonly mayAsk: boolean;
  /** Whose value it is, where that is known. */
  readonly definition?: ConfigDefinition;
  readonly signal?: AbortSignal;
}

/** One field that a source lays over the value of another. */
export interface FieldValue {
  /** As the source writes it: `POOL_SIZE` stands for `poolSize` and `pool_size` alike. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** How else it may be read, where the first reading does not fit the schema: `1234` is a number, or a password. */
  readonly orText?: string;
  /** Such as the name of a variable. */
  readonly where: string;
}

/** A value as a source has it. */
export interface FoundAnswer {
  readonly state: 'found';
  readonly value: unknown;
  /** How else it may be read, where the first reading does not fit the schema. */
  readonly or?: { readonly value: unknown };
  /** Such as `drawbridge.yaml` or `secret/harmony/dev/database`. */
  readonly where: string;
  readonly version?: number;
  readonly by?: string;
  /** Milliseconds since the epoch. */
  readonly at?: number;
  /** Single fields of the same source, which lie over its value. */
  readonly fields?: readonly FieldValue[];
}

/** What a source says about a key. That it cannot be reached is no answer: then `read` rejects. */
export type SourceAnswer =
  | FoundAnswer
  /** Single fields, which lie over the value of a later source. */
  | { readonly state: 'fields'; readonly fields: readonly FieldValue[]; readonly why: string }
  /** `why` is a part of a sentence: "DRAWBRIDGE_CONFIG_DATABASE is not set". */
  | { readonly state: 'absent'; readonly why: string };

/** An answer, and when it was given. */
export interface KeptAnswer {
  readonly answer: SourceAnswer;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Where answers outlive the process. It holds secrets: only its owner may read it. */
export interface AnswerShelf {
  /** Undefined where there is nothing, or nothing readable. */
  load(key: string): Promise<KeptAnswer | undefined>;
  store(key: string, kept: KeptAnswer): Promise<void>;
  remove(key: string): Promise<void>;
}

/** A condition on what is there: the number of the newest version, or that there is none. */
export interface WriteOptions {
  /** Without it, what is there when the source looks: a change between its look and its write is a conflict. */
  readonly cas?: number | 'absent';
  readonly signal?: AbortSignal;
}

/** What a write made. */
export interface Written {
  readonly where: string;
  readonly version?: number;
}

/** One version of a value, without the value. */
export interface ConfigVersion {
  readonly version: number;
  readonly state: 'present' | 'deleted';
  /** Milliseconds since the epoch. */
  readonly at?: number;
  readonly by?: string;
}

/** A place where values are. The manager asks them in order. Implement it to add one of your own. */
export interface ConfigSource {
  /** For people: `environment`, `file`, `OpenBao`. */
  readonly name: string;
  /** @throws {DrawbridgeError} where it cannot be found out; that there is nothing is an answer */
  read(key: string, context: ReadContext): Promise<SourceAnswer>;
  /** Whether `set` may write here. */
  readonly writable: boolean;
  /** @throws {DrawbridgeError} `config_conflict` */
  write?(key: string, value: unknown, options: WriteOptions): Promise<Written>;
  /** Takes the value away; what is not there is fine. */
  remove?(key: string, context: ReadContext): Promise<{ readonly removed: boolean; readonly where: string }>;
  list?(context: ReadContext): Promise<readonly string[]>;
  /** Newest first; empty where there never was any. */
  history?(key: string, context: ReadContext): Promise<readonly ConfigVersion[]>;
  /** The value of a version, as it was. @throws {DrawbridgeError} `config_version_unknown` */
  readVersion?(key: string, version: number, context: ReadContext): Promise<FoundAnswer>;
  /** Set where reading takes a network: then answers are kept and used again. */
  readonly remote?: { readonly shelf?: AnswerShelf };
  close?(): Promise<void>;
}
