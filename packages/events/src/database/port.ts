import type { Kysely, Transaction } from 'kysely';
import type { EventsSchema } from './schema.ts';

/**
 * The database as this package uses it. The directory's `Database` is one; any Kysely on PostgreSQL or PGlite can be
 * wrapped as one. `S` is the user's own schema, which its handlers see in their transaction.
 */
export interface EventsDatabase<S = EventsSchema> {
  readonly kind: 'pglite' | 'postgres';
  /** Runs `work` in one transaction; inside, nothing but the transaction is used. */
  transaction<T>(work: (trx: Transaction<S>) => Promise<T>): Promise<T>;
  /** Runs a read outside a transaction. */
  read<T>(work: (db: Kysely<S>) => Promise<T>): Promise<T>;
}

/**
 * This package's view of the user's connection. The migrations have made the tables, whether or not the user's schema
 * type names them.
 */
export function eventsTables<S>(db: Kysely<S>): Kysely<EventsSchema> {
  return db as unknown as Kysely<EventsSchema>;
}
