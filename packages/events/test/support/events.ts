import type { Consumer, ZitadelEvent } from '@drawbridge/events';
import type { TestDatabase, TestSchema } from './databases.ts';

export const instance = '312909075211944344';

/** An event of user `7`, unless said otherwise. */
export function event(changes: Partial<ZitadelEvent> = {}): ZitadelEvent {
  const sequence = changes.sequence ?? 1;
  return {
    instance,
    aggregateType: 'user',
    aggregateId: '7',
    sequence,
    type: 'user.deactivated',
    createdAt: new Date(Date.UTC(2026, 0, 1) + sequence * 1_000),
    resourceOwner: '3',
    editor: '1',
    payload: undefined,
    ...changes,
  };
}

/** A consumer that writes down what it applied, in the transaction it is given. */
export function noting(
  name: string,
  eventTypes: readonly string[],
  changes: Partial<Consumer<TestSchema>> = {},
): Consumer<TestSchema> {
  return {
    name,
    eventTypes,
    handle: async ({ aggregateId, sequence, type }, { trx }) => {
      await trx
        .insertInto('applied')
        .values({ consumer: name, aggregate_id: aggregateId, sequence, event_type: type })
        .execute();
    },
    ...changes,
  };
}

/** What a consumer applied, in that order: `aggregate/sequence`. */
export async function appliedBy(database: TestDatabase, consumer: string): Promise<string[]> {
  const rows = await database.kysely
    .selectFrom('applied')
    .select(['aggregate_id', 'sequence'])
    .where('consumer', '=', consumer)
    .orderBy('id')
    .execute();
  return rows.map((row) => `${row.aggregate_id}/${row.sequence}`);
}

/** Says that nothing is missing up to here, as a complete pass of catch-up does. */
export async function confirmAll(database: TestDatabase): Promise<void> {
  await database.kysely
    .updateTable('events_instances')
    .set({ confirmed_position: Number.MAX_SAFE_INTEGER })
    .execute();
}
