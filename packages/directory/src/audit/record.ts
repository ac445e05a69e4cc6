import type { Transaction } from 'kysely';
import type { Schema } from '../database/index.ts';

/** One change, for the record. */
export interface AuditEntry {
  /** The organization it concerns; absent for the site. */
  readonly organizationId?: string;
  /** Subject of who did it, or `drawbridge` for the directory itself. */
  readonly actor: string;
  /** What was done: `user.create`, `site_administrator.add`. */
  readonly action: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly reason?: string;
  readonly requestId?: string;
  /** What names a person. Kept outside the hash chain, so that it can be erased without breaking it. */
  readonly personal?: Readonly<Record<string, string>>;
  readonly at: Date;
}

/** Writes an audit entry in the transaction of the change itself: there is no change without one. */
export async function recordAudit(trx: Transaction<Schema>, entry: AuditEntry): Promise<void> {
  await trx
    .insertInto('audit')
    .values({
      organization_id: entry.organizationId ?? null,
      at: entry.at,
      actor: entry.actor,
      action: entry.action,
      object_type: entry.objectType,
      object_id: entry.objectId,
      from_value: entry.from === undefined ? null : JSON.stringify(entry.from),
      to_value: entry.to === undefined ? null : JSON.stringify(entry.to),
      reason: entry.reason ?? null,
      request_id: entry.requestId ?? null,
      personal: entry.personal === undefined ? null : JSON.stringify(entry.personal),
    })
    .execute();
}
