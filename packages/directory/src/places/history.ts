import { sql } from 'kysely';
import type { Database } from '../database/index.ts';

/** One line of what happened to a user. */
export interface HistoryEntry {
  readonly at: Date;
  readonly kind: 'status' | 'run' | 'audit';
  readonly id: string;
  /** What happened, in words or as the audit names it. */
  readonly what: string;
  readonly actor: string;
  readonly reason: string | null;
  /** Run, sweep or event that it came with. */
  readonly cause: string | null;
  readonly deniedAfterMs: number | null;
}

/** The last year that every reader of dates writes with four digits. */
const endOfTime = new Date('9999-12-31T23:59:59Z');

/** Status changes, runs and audit entries of a user on one time line, the newest first. */
export async function readHistory(
  database: Database,
  userId: string,
  before: Date | undefined,
  limit: number,
): Promise<readonly HistoryEntry[]> {
  const { rows } = await database.read((db) =>
    sql<{
      at: Date;
      kind: HistoryEntry['kind'];
      id: string;
      what: string;
      actor: string;
      reason: string | null;
      cause: string | null;
      denied_after_ms: number | null;
    }>`
      select * from (
        select at, 'status' as kind, id::text as id, to_state as what, actor, reason,
          cause || ' ' || coalesce(cause_id, '') as cause, denied_after_ms
        from status_changes where user_id = ${userId}
        union all
        select created_at, 'run', id, saga || ' ' || state, requested_by, reason, id, null
        from provisioning_runs where user_id = ${userId}
        union all
        select at, 'audit', sequence::text, action, actor, reason, request_id, null
        from audit where object_type = 'user' and object_id = ${userId}
      ) as line
      where at < ${before ?? endOfTime}
      order by at desc, kind, id desc
      limit ${limit}`.execute(db),
  );
  return rows.map(({ denied_after_ms, ...row }) => ({ ...row, deniedAfterMs: denied_after_ms }));
}
