import type { Validator } from './validators.ts';

/** Where a setting may be given, and what it is for. */
export interface SettingPlaces {
  /** Command-line flag without dashes. Secrets have none: arguments are visible to every process of the machine. */
  readonly flag?: string;
  /** Environment variables, the preferred name first. */
  readonly env?: readonly string[];
  /** Key in `drawbridge.yaml`, with dots between levels. */
  readonly key?: string;
  /** One sentence for `--help` and the documents. */
  readonly description: string;
}

/** One setting: how it is read, where it may stand, what it is without being given. */
export interface Setting<T> extends SettingPlaces {
  readonly validator: Validator<unknown>;
  readonly fallback: { readonly value: T } | undefined;
}

/** The settings of one command or part, by the name the code uses. */
export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

/** The typed values of a table. */
export type SettingValues<Table extends SettingTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer T> ? T : never;
};

/** A setting that must be given. */
export function required<T>(validator: Validator<T>, places: SettingPlaces): Setting<T> {
  return { ...places, validator, fallback: undefined };
}

/** A setting with a default. */
export function withDefault<T>(validator: Validator<T>, value: T, places: SettingPlaces): Setting<T> {
  return { ...places, validator, fallback: { value } };
}

/** A setting that may be left out. */
export function optional<T>(validator: Validator<T>, places: SettingPlaces): Setting<T | undefined> {
  return { ...places, validator, fallback: { value: undefined } };
}
