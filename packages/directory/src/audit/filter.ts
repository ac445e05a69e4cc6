import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import { haveWords, lackWords, type Schema } from '../database/index.ts';

type AuditQuery = SelectQueryBuilder<Schema, 'audit', object>;

/** Which entries are meant. */
export interface AuditFilter {
  /** Null: the site's own; absent: all. */
  readonly organizationId?: string | null;
  readonly actor?: string;
  /** The action itself, or what it begins with: `user.`. */
  readonly action?: string;
  readonly objectId?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly requestId?: string;
  /** Beginnings of words of the action, the kind of object, the reason, and the name and address of the person concerned. */
  readonly q?: string;
  /** Which to leave out. */
  readonly without?: WithoutAudit;
}

/** Entries that are left out: those of which one of these holds. */
export interface WithoutAudit {
  readonly actors?: readonly string[];
  /** As {@link AuditFilter.action}. */
  readonly actions?: readonly string[];
  readonly objectIds?: readonly string[];
  readonly requestIds?: readonly string[];
  /** As {@link AuditFilter.q}. */
  readonly words?: readonly string[];
}

/** Words of an entry, as the index `audit_words` has them. Personal ones go with the person who is erased. */
const searchable = sql`array_to_tsvector(
  array_remove(string_to_array(lower(translate(action, '.-_', '   ') || ' ' || object_type
    || ' ' || translate(left(coalesce(reason, ''), 500), E'\\n\\r\\t', '   ')
    || ' ' || left(coalesce(personal->>'email', ''), 500) || ' ' || left(coalesce(personal->>'givenName', ''), 500)
    || ' ' || left(coalesce(personal->>'familyName', ''), 500)), ' '), ''))`;

/** Entries that have words beginning so. */
export function haveAuditWords(words: readonly string[]): RawBuilder<boolean> {
  return haveWords(searchable, words);
}

/** Narrows a query to what is meant, but for {@link AuditFilter.q}. */
export function narrowAudit(base: AuditQuery, filter: AuditFilter): AuditQuery {
  const { organizationId, actor, action, objectId, from, to, requestId, without = {} } = filter;
  let query = base;
  if (organizationId !== undefined)
    query = query.where('organization_id', organizationId === null ? 'is' : '=', organizationId);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (action !== undefined) query = query.where('action', 'like', beginning(action));
  if (objectId !== undefined) query = query.where('object_id', '=', objectId);
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  if (requestId !== undefined) query = query.where('request_id', '=', requestId);
  const { actors = [], actions = [], objectIds = [], requestIds = [], words = [] } = without;
  if (actors.length > 0) query = query.where('actor', 'not in', actors);
  for (const one of actions) query = query.where('action', 'not like', beginning(one));
  if (objectIds.length > 0) query = query.where('object_id', 'not in', objectIds);
  for (const id of requestIds) query = query.where('request_id', 'is distinct from', id);
  return words.length === 0 ? query : query.where(lackWords(searchable, words));
}

function beginning(action: string): string {
  return `${action.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}
