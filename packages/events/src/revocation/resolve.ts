import type { CallOptions } from '@drawbridge/zitadel';
import type { EventReader } from '../catch-up/index.ts';
import { type EventsDatabase, eventsTables } from '../database/index.ts';
import { writeMark } from './marks.ts';

/** A mark whose user is to be found. */
export interface Unresolved {
  readonly id: string;
  readonly notBefore: Date;
}

/** Where the first event of a session or an authorization names its user. */
const naming: Readonly<Record<string, { readonly type: string; readonly field: string }>> = {
  session: { type: 'session.user.checked', field: 'userID' },
  authorization: { type: 'user.grant.added', field: 'userId' },
};

/**
 * Looks up in the event store whose a session or an authorization was, and turns the mark into one of that user. Where
 * that cannot be found out the mark stays. Of an organization it cannot: its users are many.
 *
 * @returns whether the mark was turned
 */
export async function resolveMark<S>(
  database: EventsDatabase<S>,
  reader: EventReader,
  instance: string,
  { id, notBefore }: Unresolved,
  options: CallOptions,
): Promise<boolean> {
  const [kind = '', ...rest] = id.split(':');
  const { type, field } = naming[kind] ?? {};
  if (type === undefined || field === undefined) return false;
  const events = await reader.read({ types: [type], aggregateId: rest.join(':') }, options);
  const userId = events.at(-1)?.payload?.[field];
  if (typeof userId !== 'string' || userId === '') return false;
  await database.transaction(async (trx) => {
    const tables = eventsTables(trx);
    await writeMark(tables, { instance, kind: 'user', id: userId, notBefore, reason: `${kind} resolved` });
    await tables
      .deleteFrom('events_revocations')
      .where('instance', '=', instance)
      .where('kind', '=', 'unresolved')
      .where('id', '=', id)
      .where('not_before', '<=', notBefore)
      .execute();
  });
  return true;
}
