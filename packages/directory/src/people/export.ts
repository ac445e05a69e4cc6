import { readEvents } from '@drawbridge/events';
import { sql } from 'kysely';
import type { Database } from '../database/index.ts';

/** Everything held of one person, table by table, in the form that the tables have. */
export interface PersonExport {
  readonly user: unknown;
  readonly memberships: readonly unknown[];
  readonly statusChanges: readonly unknown[];
  readonly runs: readonly unknown[];
  readonly audit: readonly unknown[];
  readonly imports: readonly unknown[];
  readonly sessions: readonly unknown[];
  readonly events: readonly unknown[];
}

/**
 * Gathers what the directory holds of a person (GDPR, article 15): their row, what was done to them and by them, their
 * sessions here and Zitadel's events about them. Secrets, such as cookies and tokens, are not a person's data.
 */
export async function exportPerson(database: Database, userId: string): Promise<PersonExport | undefined> {
  return await database.read(async (db) => {
    const user = await db.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirst();
    if (!user) return undefined;
    const subject = user.zitadel_user_id ?? '';
    const of = <T extends 'memberships' | 'status_changes'>(table: T) =>
      db
        .selectFrom(table as 'memberships')
        .selectAll()
        .where('user_id', '=', userId)
        .execute();
    const [memberships, statusChanges, runs, audit, imports, sessions, events] = await Promise.all([
      of('memberships'),
      of('status_changes'),
      db
        .selectFrom('provisioning_runs')
        .select([
          'id',
          'saga',
          'title',
          'state',
          'input',
          'reason',
          'decision_reason',
          'created_at',
          'finished_at',
        ])
        .where('user_id', '=', userId)
        .orderBy('id')
        .execute(),
      db
        .selectFrom('audit')
        .select(['at', 'actor', 'action', 'from_value', 'to_value', 'reason', 'personal'])
        .where((or) =>
          or.or([
            or.and([or('object_type', '=', 'user'), or('object_id', '=', userId)]),
            or('actor', '=', subject),
          ]),
        )
        .orderBy('sequence')
        .execute(),
      db
        .selectFrom('import_rows')
        .select(['import_id', 'row', 'content'])
        .where((or) =>
          or.or([
            or('user_id', '=', userId),
            or(sql`lower(content->>'email')`, '=', user.email.toLowerCase()),
          ]),
        )
        .execute(),
      db
        .selectFrom('web_sessions')
        .select(['created_at', 'seen_at', 'expires_at', 'user_agent'])
        .where('subject', '=', subject)
        .execute(),
      subject === '' ? [] : readEvents(db, subject),
    ]);
    return {
      user,
      memberships,
      statusChanges,
      runs: runs.map(withoutSecrets),
      audit,
      imports,
      sessions,
      events,
    };
  });
}

/** A run's input may hold a sealed password for the moment until Zitadel has it. */
function withoutSecrets<T extends { readonly input: unknown }>(run: T): T {
  if (typeof run.input !== 'object' || run.input === null || !('password' in run.input)) return run;
  return { ...run, input: { ...run.input, password: '[redacted]' } };
}
