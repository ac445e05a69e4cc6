import { type Kysely, sql } from 'kysely';
import type { EventsSchema } from '../database/index.ts';

/** What a pass over the event store begins with. */
export interface PassStart {
  readonly generation: number;
  /** The newest row of the inbox when the pass began. */
  readonly position: number;
  /** Wanted types and up to when each has been read, oldest first. */
  readonly types: readonly { readonly type: string; readonly through: Date }[];
}

/** Reads where a pass begins. */
export async function readStart(db: Kysely<EventsSchema>, instance: string): Promise<PassStart> {
  const row = await db
    .selectFrom('events_instances')
    .select('generation')
    .where('instance', '=', instance)
    .executeTakeFirst();
  const newest = await db
    .selectFrom('events_inbox')
    .select((inbox) => inbox.fn.max('position').as('position'))
    .where('instance', '=', instance)
    .executeTakeFirst();
  const types = await db
    .selectFrom('events_cursors as cursor')
    .select(['cursor.event_type as type', 'cursor.through'])
    .where('cursor.instance', '=', instance)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('events_consumers as wanted')
          .select('wanted.consumer')
          .whereRef('wanted.instance', '=', 'cursor.instance')
          .whereRef('wanted.event_type', '=', 'cursor.event_type'),
      ),
    )
    .orderBy('cursor.through')
    .orderBy('cursor.event_type')
    .execute();
  return { generation: row?.generation ?? 0, position: Number(newest?.position ?? 0), types };
}

/** Notes that the events of some types have been read up to a moment. Never goes back. */
export async function advanceCursors(
  trx: Kysely<EventsSchema>,
  instance: string,
  types: readonly string[],
  through: Date,
): Promise<void> {
  await trx
    .updateTable('events_cursors')
    .set({ through })
    .where('instance', '=', instance)
    .where('event_type', 'in', types)
    .where('through', '<', through)
    .execute();
}

/**
 * Notes a complete pass: nothing is missing before the rows that were there when it began. A pass that began before a
 * new type was wanted says nothing.
 *
 * @returns whether it counts, and the newest row by now
 */
export async function confirmPass(
  trx: Kysely<EventsSchema>,
  instance: string,
  start: PassStart,
  startedAt: Date,
): Promise<{ readonly counts: boolean; readonly newest: number }> {
  const { numAffectedRows } = await sql`
    update events_instances set
      confirmed_position = greatest(confirmed_position, ${start.position}),
      caught_up_at = greatest(coalesce(caught_up_at, ${startedAt}), ${startedAt})
    where instance = ${instance} and generation = ${start.generation}`.execute(trx);
  const newest = await trx
    .selectFrom('events_inbox')
    .select((inbox) => inbox.fn.max('position').as('position'))
    .where('instance', '=', instance)
    .executeTakeFirst();
  return { counts: (numAffectedRows ?? 0n) > 0n, newest: Number(newest?.position ?? 0) };
}
