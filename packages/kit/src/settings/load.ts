import { join } from 'node:path';
import { DrawbridgeError, type Problem } from '../errors/index.ts';
import { paths } from '../paths/index.ts';
import { Secret } from '../secret/index.ts';
import { readSettingsFile, type SettingsFile } from './file.ts';
import { nearest } from './nearest.ts';
import type { Setting, SettingTable, SettingValues } from './setting.ts';

/** Where a value came from. */
export interface Provenance {
  readonly source: 'flag' | 'environment' | 'file' | 'default' | 'unset';
  /** The flag, the variable, or file and line; empty for a default. */
  readonly name: string;
}

export interface LoadSources {
  /** Flags that were given, by name without dashes. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** A file that must exist. Default: `drawbridge.yaml` in the working folder, else in the config folder, if there is one. */
  readonly file?: string;
  /** Keys of the file that belong to other tables, and are therefore no mistakes; `config.*` stands for all below `config`. */
  readonly otherKeys?: readonly string[];
}

export interface LoadedSettings<Table extends SettingTable> {
  readonly values: SettingValues<Table>;
  readonly provenance: Readonly<Record<keyof Table, Provenance>>;
  /** The file that was read. */
  readonly file: string | undefined;
}

/**
 * Reads settings from flags, then environment, then `drawbridge.yaml`, then defaults, and reports every mistake at once.
 * An empty variable counts as not given. The result is frozen.
 *
 * @throws {DrawbridgeError} `invalid_settings` with one problem for each mistake; `file_unreadable`
 * @example
 * ```ts
 * import { loadSettings, optional, required, validators, withDefault } from '@drawbridge/kit';
 *
 * const table = {
 *   issuer: required(validators.url(), { env: ['ZITADEL_ISSUER'], key: 'zitadel.issuer', description: 'The instance.' }),
 *   address: optional(validators.text(), { env: ['ZITADEL_API'], description: 'Where its port is.' }),
 *   port: withDefault(validators.port(), 8080, { flag: 'port', description: 'Port of the API.' }),
 * };
 * const { values, provenance } = await loadSettings(table, { env: { ZITADEL_ISSUER: 'https://sso.acme.example' } });
 * console.log(values.port, provenance.issuer.name); // 8080 ZITADEL_ISSUER
 * ```
 */
export async function loadSettings<Table extends SettingTable>(
  table: Table,
  sources: LoadSources = {},
): Promise<LoadedSettings<Table>> {
  const { flags = {}, env = process.env } = sources;
  const file = await findFile(sources, env);
  const problems: Problem[] = [];
  const values: Record<string, unknown> = {};
  const provenance: Record<string, Provenance> = {};

  for (const [name, setting] of Object.entries(table)) {
    const given = findGiven(setting, flags, env, file);
    if (!given) {
      if (!setting.fallback) problems.push({ field: placesOf(setting), message: 'is missing' });
      values[name] = setting.fallback?.value;
      provenance[name] = { source: setting.fallback?.value === undefined ? 'unset' : 'default', name: '' };
      continue;
    }
    const checked = setting.validator(given.value);
    if ('complaint' in checked) problems.push({ field: given.name, message: checked.complaint });
    else {
      values[name] = checked.value;
      provenance[name] = { source: given.source, name: given.name };
      if (checked.value instanceof Secret && given.source === 'flag') {
        problems.push({ field: given.name, message: 'is a secret and not taken from the command line' });
      }
    }
  }
  problems.push(...unknownKeys(table, file, sources.otherKeys ?? []));
  if (problems.length > 0) {
    throw new DrawbridgeError('invalid_settings', {
      message:
        problems.length === 1
          ? 'A setting is missing or wrong.'
          : `${problems.length} settings are missing or wrong.`,
      problems,
    });
  }
  return Object.freeze({
    values: Object.freeze(values) as SettingValues<Table>,
    provenance: Object.freeze(provenance) as Record<keyof Table, Provenance>,
    file: file?.path,
  });
}

async function findFile(
  sources: LoadSources,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SettingsFile | undefined> {
  const name = 'drawbridge.yaml';
  const found = await readSettingsFile(
    sources.file === undefined ? [name, join(paths({ env }).config, name)] : [sources.file],
  );
  if (!found && sources.file !== undefined) {
    throw new DrawbridgeError('file_unreadable', {
      message: `There is no settings file ${sources.file}.`,
      where: sources.file,
    });
  }
  return found;
}

function findGiven(
  setting: Setting<unknown>,
  flags: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
  file: SettingsFile | undefined,
): (Provenance & { readonly value: unknown }) | undefined {
  const flagged = setting.flag === undefined ? undefined : flags[setting.flag];
  if (flagged !== undefined) return { source: 'flag', name: `--${setting.flag}`, value: flagged };
  for (const name of setting.env ?? []) {
    if (env[name]) return { source: 'environment', name, value: env[name] };
  }
  const entry = setting.key === undefined ? undefined : file?.entries.get(setting.key);
  if (!entry || !file || entry.value === null || entry.value === '') return undefined;
  return { source: 'file', name: `${setting.key} (${file.path}:${entry.line})`, value: entry.value };
}

/** How a person would give the setting: every place it may stand in. */
function placesOf({ flag, env = [], key }: Setting<unknown>): string {
  const places = [...(flag ? [`--${flag}`] : []), ...env, ...(key ? [`${key} in drawbridge.yaml`] : [])];
  return places.join(' or ');
}

function unknownKeys(
  table: SettingTable,
  file: SettingsFile | undefined,
  others: readonly string[],
): Problem[] {
  const known = [...Object.values(table).flatMap(({ key }) => key ?? []), ...others];
  const folders = known.flatMap((key) => (key.endsWith('.*') ? [key.slice(0, -2)] : []));
  return [...(file?.entries ?? [])]
    .filter(([key]) => !known.includes(key))
    .filter(([key]) => !folders.some((folder) => key === folder || key.startsWith(`${folder}.`)))
    .map(([key, { line }]) => {
      const meant = nearest(key, known);
      return {
        field: `${key} (${file?.path}:${line})`,
        message: meant ? `is not a setting; ${meant} is` : 'is not a setting',
      };
    });
}
