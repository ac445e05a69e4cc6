import type { ColumnType } from 'kysely';

/** A jsonb column: read as a value, written as text. */
export type Json<T> = ColumnType<T, string, string>;
/** A timestamptz column. */
export type Time = ColumnType<Date, Date, Date>;
/** A column that an insert may leave to its default. `W` is what is written, where it is not what is read. */
export type WithDefault<T, W = T> = ColumnType<T, W | undefined, W>;
