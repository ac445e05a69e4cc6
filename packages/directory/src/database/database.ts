import { AsyncLocalStorage } from 'node:async_hooks';
import { eventsMigrations } from '@drawbridge/events';
import { DrawbridgeError } from '@drawbridge/kit';
import type { Kysely, Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Db as JobsConnection } from 'pg-boss';
import { executedMigrations, refuseNewer } from './executed.ts';
import { migrations } from './migrations/index.ts';
import type { Schema } from './schema.ts';
import { translateDatabaseError } from './translate.ts';

/** What a kind of database brings: a Kysely on it, a connection for jobs, and its end. */
export interface Driver {
  readonly kind: 'pglite' | 'postgres';
  readonly kysely: Kysely<Schema>;
  /** pg-boss's view of the same database. */
  readonly jobs: { readonly db: JobsConnection } | { readonly connectionString: string };
  close(): Promise<void>;
}

/** The directory's database: the same schema and queries on PGlite and on PostgreSQL. */
export class Database {
  readonly #driver: Driver;
  readonly #inTransaction = new AsyncLocalStorage<true>();

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  get kind(): 'pglite' | 'postgres' {
    return this.#driver.kind;
  }

  get jobs(): Driver['jobs'] {
    return this.#driver.jobs;
  }

  /**
   * Queries outside a transaction. Refused inside one: PGlite has a single connection, so such a query would wait for
   * the very transaction that waits for it.
   */
  get db(): Kysely<Schema> {
    if (this.#inTransaction.getStore())
      throw new Error('inside a transaction only the transaction may be used');
    return this.#driver.kysely;
  }

  /**
   * Runs `work` in one transaction; nothing on a wire may be awaited in it.
   *
   * @throws {DrawbridgeError} `database_unavailable` when there is no connection; else what `work` throws
   */
  async transaction<T>(work: (trx: Transaction<Schema>) => Promise<T>): Promise<T> {
    try {
      return await this.db.transaction().execute((trx) => this.#inTransaction.run(true, () => work(trx)));
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /** Runs a read outside a transaction with the database's failures translated. */
  async read<T>(work: (db: Kysely<Schema>) => Promise<T>): Promise<T> {
    try {
      return await work(this.db);
    } catch (error) {
      throw translateDatabaseError(error);
    }
  }

  /**
   * Brings the schema up to date; a second run does nothing.
   *
   * @throws {DrawbridgeError} `schema_newer` where a newer version has been here, `database_unavailable`
   */
  async migrate(): Promise<void> {
    const known = { ...migrations, ...eventsMigrations };
    const migrator = new Migrator({
      db: this.db,
      provider: { getMigrations: async () => known },
      // Each package numbers its own.
      allowUnorderedMigrations: true,
    });
    const { error } = await migrator.migrateToLatest();
    if (error === undefined) return;
    const failure = translateDatabaseError(error);
    // The migrator refuses what it does not know with words alone; here it has let its lock go.
    if (!(failure instanceof DrawbridgeError))
      refuseNewer(Object.keys(known), await this.read(executedMigrations), error);
    throw failure;
  }

  /** Resolves when the database answers. */
  async ping(): Promise<void> {
    await this.read((db) => db.selectFrom('settings').select('key').limit(1).execute());
  }

  close(): Promise<void> {
    return this.#driver.close();
  }
}
