import type { Clock, Logger, Secret } from '@drawbridge/kit/core';
import type { ConfigDefinition, ValueOf } from '../definition/index.ts';
import type { ConfigSource, ConfigVersion, Written } from '../sources/index.ts';
import type { Explanation } from './explanation.ts';
import type { CacheOptions, StaleEvent } from './kept-answers.ts';

/** Where values come from, and how long they are used. */
export interface ConfigManagerOptions {
  /** Asked in order; the first that has the whole value wins, and single fields of earlier ones lie over it. */
  readonly sources: readonly ConfigSource[];
  /** For sources behind a network. */
  readonly cache?: CacheOptions;
  /** Whether a person may be asked, for a value or to sign in, where a source can do so. Default true. */
  readonly mayAsk?: boolean;
  /** Told when a kept value is used although it could not be refreshed. */
  readonly onStale?: (event: StaleEvent) => void;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** What one call may be told. */
export interface ConfigCall {
  readonly signal?: AbortSignal;
  /** Asks the sources although there is a kept answer. Default false. */
  readonly fresh?: boolean;
}

/** What a change may be told. */
export interface ConfigChange extends ConfigCall {
  /** The number of the newest version, or that there is none. Default: as it is when the source looks. */
  readonly cas?: number | 'absent';
}

/** What a change made. */
export interface ConfigWritten extends Written {
  readonly key: string;
  readonly source: string;
  /** Set where an earlier source has the key as well: programs go on reading that. */
  readonly hiddenBy?: { readonly source: string; readonly where: string };
}

/** A key, and which sources have it. */
export interface ConfigEntry {
  readonly key: string;
  /** In the order they are asked. */
  readonly sources: readonly string[];
}

/** Typed configuration over ordered sources. */
export interface ConfigManager {
  /**
   * A value as its definition has it. For a bare key it is what the sources say, unchecked, as a secret.
   *
   * @throws {DrawbridgeError} `config_missing`, `config_invalid`, or why a source did not answer
   */
  get<D extends ConfigDefinition>(definition: D, call?: ConfigCall): Promise<ValueOf<D>>;
  get(key: string, call?: ConfigCall): Promise<Secret<unknown>>;
  /**
   * Several values, or one error with everything that is wrong with any of them.
   *
   * @throws {DrawbridgeError} as `get`, with `problems`
   */
  getAll<const D extends Readonly<Record<string, ConfigDefinition>>>(
    definitions: D,
    call?: ConfigCall,
  ): Promise<{ [Name in keyof D]: ValueOf<D[Name]> }>;
  /**
   * Writes a value to the first source that takes it, checked by its schema before. For a bare key it is not checked.
   *
   * @throws {DrawbridgeError} `config_invalid`, `config_conflict`, `config_not_writable`, or what the source throws
   */
  set<Input>(
    definition: ConfigDefinition<unknown, Input>,
    value: Input | Secret<Input>,
    change?: ConfigChange,
  ): Promise<ConfigWritten>;
  set(key: string, value: unknown, change?: ConfigChange): Promise<ConfigWritten>;
  /**
   * Changes what the first writable source has of a key: `change` gets it, or undefined where there is nothing, and gives the new value.
   * Where somebody else writes meanwhile it is called again with theirs.
   *
   * @throws {DrawbridgeError} as `set`
   */
  update(
    target: ConfigDefinition | string,
    change: (present: unknown) => unknown,
    call?: ConfigCall,
  ): Promise<ConfigWritten>;
  /** Takes a value away from the first writable source. @throws {DrawbridgeError} `config_not_writable` */
  unset(
    target: ConfigDefinition | string,
    call?: ConfigCall,
  ): Promise<{ readonly removed: boolean; readonly where: string; readonly source: string }>;
  /** Where a value comes from, field by field. Rejects only for what is no key. */
  explain(target: ConfigDefinition | string, call?: ConfigCall): Promise<Explanation>;
  /** Keys of the sources that can list theirs. */
  list(call?: ConfigCall): Promise<readonly ConfigEntry[]>;
  /** Versions in the first writable source, newest first. @throws {DrawbridgeError} `config_not_writable` */
  history(target: ConfigDefinition | string, call?: ConfigCall): Promise<readonly ConfigVersion[]>;
  /**
   * Writes an earlier version anew, checked by the schema as it is today.
   *
   * @throws {DrawbridgeError} `config_version_unknown`, and as `set`
   */
  rollback(target: ConfigDefinition | string, version: number, change?: ConfigChange): Promise<ConfigWritten>;
  /** Lets refreshes come to their end, for `waitMs` (default 5,000), and closes the sources. Idempotent. */
  close(options?: { readonly waitMs?: number }): Promise<void>;
}
