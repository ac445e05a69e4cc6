import { eraseEvents } from '@drawbridge/events';
import { sql, type Transaction } from 'kysely';
import { recordAudit } from '../audit/index.ts';
import type { Schema } from '../database/index.ts';

/** Whom to forget, and how thoroughly. */
export interface ForgetUser {
  readonly userId: string;
  readonly organizationId: string;
  readonly actor: string;
  readonly reason: string;
  /** Also takes the person's name out of runs, events and the audit; its hash chain stays whole. */
  readonly erase: boolean;
  readonly runId: string;
  readonly at: Date;
}

/** Removes a user's row, memberships, history and sessions, in one transaction with the audit entry that says so. */
export async function forgetUser(trx: Transaction<Schema>, forget: ForgetUser): Promise<void> {
  const { userId, organizationId, actor, reason, erase, runId, at } = forget;
  const user = await trx
    .selectFrom('users')
    .select(['zitadel_user_id', 'email'])
    .where('id', '=', userId)
    .executeTakeFirst();
  if (!user) return;
  if (user.zitadel_user_id !== null)
    await trx.deleteFrom('web_sessions').where('subject', '=', user.zitadel_user_id).execute();
  await trx.deleteFrom('users').where('id', '=', userId).execute();
  await recordAudit(trx, {
    organizationId,
    actor,
    action: erase ? 'user.erased' : 'user.deleted',
    objectType: 'user',
    objectId: userId,
    to: { run: runId },
    reason,
    ...(erase ? {} : { personal: { email: user.email } }),
    at,
  });
  if (erase) await erasePerson(trx, userId, user);
}

/** What names the person elsewhere: columns outside the hash chain, inputs and words of runs, answers kept for keys. */
async function erasePerson(
  trx: Transaction<Schema>,
  userId: string,
  { zitadel_user_id: subject, email }: { readonly zitadel_user_id: string | null; readonly email: string },
): Promise<void> {
  await trx
    .updateTable('audit')
    .set({ personal: null })
    .where('object_type', '=', 'user')
    .where('object_id', '=', userId)
    .execute();
  await trx
    .updateTable('provisioning_runs')
    .set({ input: JSON.stringify({ erased: true }), title: null, reason: null, decision_reason: null })
    .where('user_id', '=', userId)
    .execute();
  await trx
    .updateTable('provisioning_steps')
    .set({ output: null, error: null, detail: null, exchanges: null })
    .where('run_id', 'in', (query) =>
      query.selectFrom('provisioning_runs').select('id').where('user_id', '=', userId),
    )
    .execute();
  await trx
    .updateTable('import_rows')
    .set({ content: JSON.stringify({}), message: null })
    .where((or) =>
      or.or([or('user_id', '=', userId), or(sql`lower(content->>'email')`, '=', email.toLowerCase())]),
    )
    .execute();
  if (subject !== null) await eraseEvents(trx, subject);
}
