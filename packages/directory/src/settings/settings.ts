import { type Clock, DrawbridgeError, systemClock } from '@drawbridge/kit';
import type { Selectable } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Database, SettingTable } from '../database/index.ts';
import {
  type DirectorySize,
  definitions,
  isSettingKey,
  type SettingKey,
  type SettingValues,
  settingKeys,
  variableOf,
} from './definitions.ts';

export interface SettingsOptions {
  readonly database: Database;
  readonly clock?: Clock;
  /** Default none. */
  readonly env?: NodeJS.ProcessEnv;
  /** How old values may be, in milliseconds: other processes change them too. Default 5,000. */
  readonly cacheMs?: number;
}

/** A setting as a person sees it. */
export interface ShownSetting {
  readonly key: SettingKey;
  readonly value: unknown;
  readonly default: unknown;
  /** `environment` wins and makes it read-only. */
  readonly source: 'default' | 'page' | 'environment';
  /** The environment variable that sets it, or would. */
  readonly variable: string;
  /** What the value does, in words and present numbers. */
  readonly effect: string;
  readonly updatedBy: string | undefined;
  readonly updatedAt: Date | undefined;
  /** Counts changes; 0 for one that was never changed. */
  readonly version: number;
}

/** A change and who makes it. */
export interface SettingChange {
  readonly key: string;
  readonly value: unknown;
  readonly actor: string;
  readonly reason: string;
  readonly requestId?: string;
  /** The version that was read; absent to change whatever is there. */
  readonly version?: number;
}

type Row = Selectable<SettingTable>;

/** What an operator may change while the directory runs. The environment wins over the page, the page over the default. */
export class Settings {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #cacheMs: number;
  readonly #fixed: ReadonlyMap<SettingKey, unknown>;
  #known: { readonly until: number; readonly values: Promise<SettingValues> } | undefined;

  /** @throws {DrawbridgeError} `invalid_settings` with every variable that cannot be */
  constructor({ database, clock = systemClock, env = {}, cacheMs = 5_000 }: SettingsOptions) {
    this.#database = database;
    this.#clock = clock;
    this.#cacheMs = cacheMs;
    this.#fixed = readEnvironment(env);
  }

  /** The values that count now. @throws {DrawbridgeError} `database_unavailable` */
  async read(): Promise<SettingValues> {
    const now = this.#clock.now();
    if (this.#known && this.#known.until > now) return await this.#known.values;
    const values = this.#rows().then((rows) => this.#values(rows));
    const known = { until: now + this.#cacheMs, values };
    this.#known = known;
    // What could not be read is not remembered.
    values.catch(() => {
      if (this.#known === known) this.#known = undefined;
    });
    return await values;
  }

  /** Every setting with where its value is from. */
  async list(): Promise<readonly ShownSetting[]> {
    const rows = await this.#rows();
    const size = await this.#size();
    return settingKeys.map((key) => this.#show(key, rows.get(key), size));
  }

  /**
   * Changes one, with its audit entry.
   *
   * @throws {DrawbridgeError} `not_found`, `invalid_request`, `setting_fixed`, `precondition_failed`
   */
  async change(change: SettingChange): Promise<ShownSetting> {
    const { key, actor, reason, requestId, version } = change;
    if (!isSettingKey(key))
      throw new DrawbridgeError('not_found', { message: `There is no setting ${key}.` });
    const checked = definitions[key].schema.safeParse(change.value);
    if (!checked.success) {
      throw new DrawbridgeError('invalid_request', {
        problems: checked.error.issues.map(({ message }) => ({ field: 'value', message })),
      });
    }
    if (this.#fixed.has(key)) {
      throw new DrawbridgeError('setting_fixed', { message: `${variableOf(key)} sets ${key}.` });
    }
    const at = new Date(this.#clock.now());
    await this.#database.transaction(async (trx) => {
      const before = await trx
        .selectFrom('settings')
        .selectAll()
        .where('key', '=', key)
        .forUpdate()
        .executeTakeFirst();
      if (version !== undefined && version !== (before?.version ?? 0))
        throw new DrawbridgeError('precondition_failed');
      const row = {
        value: JSON.stringify(checked.data),
        updated_by: actor,
        updated_at: at,
        version: (before?.version ?? 0) + 1,
      };
      await trx
        .insertInto('settings')
        .values({ key, ...row })
        .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
        .execute();
      await recordAudit(trx, {
        actor,
        action: 'setting.change',
        objectType: 'setting',
        objectId: key,
        from: { value: before?.value ?? definitions[key].default },
        to: { value: checked.data },
        reason,
        ...(requestId === undefined ? {} : { requestId }),
        at,
      });
    });
    this.#known = undefined;
    return this.#show(key, (await this.#rows()).get(key), await this.#size());
  }

  async #rows(): Promise<ReadonlyMap<string, Row>> {
    const rows = await this.#database.read((db) => db.selectFrom('settings').selectAll().execute());
    return new Map(rows.map((row) => [row.key, row]));
  }

  #values(rows: ReadonlyMap<string, Row>): SettingValues {
    const entries = settingKeys.map((key) => [key, this.#value(key, rows.get(key))] as const);
    return Object.fromEntries(entries) as unknown as SettingValues;
  }

  /** A stored value that this version does not take, as another one may have left it, counts as none. */
  #value(key: SettingKey, row: Row | undefined): unknown {
    if (this.#fixed.has(key)) return this.#fixed.get(key);
    const stored = row === undefined ? undefined : definitions[key].schema.safeParse(row.value);
    return stored?.success ? stored.data : definitions[key].default;
  }

  #show(key: SettingKey, row: Row | undefined, size: DirectorySize): ShownSetting {
    const value = this.#value(key, row);
    const effect = definitions[key].effect as (of: unknown, size: DirectorySize) => string;
    const source = this.#fixed.has(key) ? 'environment' : row ? 'page' : 'default';
    return {
      key,
      value,
      default: definitions[key].default,
      source,
      variable: variableOf(key),
      effect: effect(value, size),
      updatedBy: row?.updated_by,
      updatedAt: row?.updated_at,
      version: row?.version ?? 0,
    };
  }

  async #size(): Promise<DirectorySize> {
    const { count } = await this.#database.read((db) =>
      db
        .selectFrom('users')
        .select((query) => query.fn.countAll<string>().as('count'))
        .where('zitadel_user_id', 'is not', null)
        .executeTakeFirstOrThrow(),
    );
    return { users: Number(count) };
  }
}

function readEnvironment(env: NodeJS.ProcessEnv): ReadonlyMap<SettingKey, unknown> {
  const fixed = new Map<SettingKey, unknown>();
  const problems: { field: string; message: string }[] = [];
  for (const key of settingKeys) {
    const text = env[variableOf(key)];
    if (text === undefined || text === '') continue;
    const { fromText, schema } = definitions[key];
    const checked = schema.safeParse(fromText(text));
    if (checked.success) fixed.set(key, checked.data);
    else
      problems.push({ field: variableOf(key), message: checked.error.issues[0]?.message ?? 'is not valid' });
  }
  if (problems.length > 0) throw new DrawbridgeError('invalid_settings', { problems });
  return fixed;
}
