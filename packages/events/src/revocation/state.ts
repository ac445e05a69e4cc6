import { type Kysely, sql } from 'kysely';
import type { EventsSchema } from '../database/index.ts';

/** What the tables say about revocations at one moment. */
export interface RevocationState {
  /** When the newest complete pass began, if every event that it brought has been applied. */
  readonly completeUntil: Date | undefined;
  /** Marks of users and sessions that were written since the last look. */
  readonly marks: readonly {
    readonly kind: 'user' | 'session';
    readonly id: string;
    readonly notBefore: Date;
  }[];
  /** All marks whose user is not known. */
  readonly unresolved: readonly { readonly id: string; readonly notBefore: Date }[];
  /** The database's time, for the next look. */
  readonly asOf: Date;
}

/**
 * Reads the marks, in this order: what is complete, whether something is yet to be applied, the marks. Whatever was
 * complete at the first question has its marks at the last.
 *
 * @param since the database's time of the last look; undefined for everything
 */
export async function readState(
  db: Kysely<EventsSchema>,
  instance: string,
  consumer: string,
  since: Date | undefined,
): Promise<RevocationState> {
  const { rows: times } = await sql<{ readonly now: Date }>`select clock_timestamp() as now`.execute(db);
  const complete = await db
    .selectFrom('events_instances')
    .select('caught_up_at')
    .where('instance', '=', instance)
    .executeTakeFirst();
  const pending = await db
    .selectFrom('events_deliveries')
    .select('position')
    .where('instance', '=', instance)
    .where('consumer', '=', consumer)
    .limit(1)
    .executeTakeFirst();
  const marks = await db
    .selectFrom('events_revocations')
    .select(['kind', 'id', 'not_before'])
    .where('instance', '=', instance)
    .where('kind', '!=', 'unresolved')
    .$if(since !== undefined, (query) => query.where('recorded_at', '>=', since ?? new Date(0)))
    .execute();
  const unresolved = await db
    .selectFrom('events_revocations')
    .select(['id', 'not_before'])
    .where('instance', '=', instance)
    .where('kind', '=', 'unresolved')
    .execute();
  return {
    completeUntil: pending ? undefined : (complete?.caught_up_at ?? undefined),
    marks: marks.flatMap(({ kind, id, not_before }) =>
      kind === 'unresolved' ? [] : [{ kind, id, notBefore: not_before }],
    ),
    unresolved: unresolved.map(({ id, not_before }) => ({ id, notBefore: not_before })),
    asOf: times[0]?.now ?? new Date(0),
  };
}
