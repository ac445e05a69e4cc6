import { DrawbridgeError } from '@drawbridge/kit';
import { sql, type Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Database, Schema } from '../database/index.ts';

/** Somebody who acts across organizations. */
export interface SiteAdministrator {
  /** User id in the Zitadel that people sign in at, as it stands in `sub`. */
  readonly subject: string;
  /** Their name and address where they are a user of the directory as well. */
  readonly name: string | undefined;
  readonly email: string | undefined;
  /** Subject of who named them, or `setup`. */
  readonly addedBy: string;
  readonly addedAt: Date;
}

/** A change of who is one, and who makes it. */
export interface AdministratorChange {
  readonly subject: string;
  readonly actor: string;
  readonly reason?: string;
  readonly requestId?: string;
  readonly at: Date;
}

/** All of them, the first one first. */
export async function listAdministrators(database: Database): Promise<readonly SiteAdministrator[]> {
  return await database.read(async (db) => {
    const rows = await db
      .selectFrom('site_administrators')
      .selectAll()
      .orderBy('created_at')
      .orderBy('subject')
      .execute();
    if (rows.length === 0) return [];
    const people = await db
      .selectFrom('users')
      .select(['zitadel_user_id', 'email', 'given_name', 'family_name'])
      .where(
        'zitadel_user_id',
        'in',
        rows.map(({ subject }) => subject),
      )
      .execute();
    const known = new Map(people.map((one) => [one.zitadel_user_id, one]));
    return rows.map(({ subject, added_by, created_at }) => {
      const person = known.get(subject);
      return {
        subject,
        name: person && `${person.given_name} ${person.family_name}`,
        email: person?.email,
        addedBy: added_by,
        addedAt: created_at,
      };
    });
  });
}

/** Makes sure that a subject is a site administrator. It counts at their next request. */
export async function addAdministrator(trx: Transaction<Schema>, change: AdministratorChange): Promise<void> {
  const { subject, actor, at } = change;
  const added = await trx
    .insertInto('site_administrators')
    .values({ subject, added_by: actor, created_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .returning('subject')
    .executeTakeFirst();
  if (added) await recordAudit(trx, { ...entryOf(change), action: 'site_administrator.add' });
}

/**
 * Takes away that a subject is a site administrator. It counts at their next request.
 *
 * @throws {DrawbridgeError} `not_found` for who is none, `last_administrator` for the only one left
 */
export async function removeAdministrator(
  trx: Transaction<Schema>,
  change: AdministratorChange,
): Promise<void> {
  const { subject } = change;
  // Two who remove each other at once must not both find the other one left.
  await sql`lock table site_administrators in exclusive mode`.execute(trx);
  const rows = await trx.selectFrom('site_administrators').select('subject').execute();
  if (!rows.some((one) => one.subject === subject))
    throw new DrawbridgeError('not_found', { message: `${subject} is no site administrator.` });
  if (rows.length === 1) {
    throw new DrawbridgeError('last_administrator', {
      message: 'This is the last site administrator.',
      fix: 'Name somebody else first: drawbridge admins add SUBJECT --reason "…".',
    });
  }
  await trx.deleteFrom('site_administrators').where('subject', '=', subject).execute();
  await recordAudit(trx, { ...entryOf(change), action: 'site_administrator.remove' });
}

function entryOf({ subject, ...who }: AdministratorChange) {
  return { ...who, objectType: 'site_administrator', objectId: subject };
}
