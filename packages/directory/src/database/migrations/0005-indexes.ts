/**
 * What lists, searches and charts find their rows by, so that none of them reads a whole table of a large directory.
 * An expression counts only where queries write it exactly so.
 */
export const indexes: readonly string[] = [
  // Every request begins with the user behind its token.
  'create index users_subject on users (zitadel_user_id)',
  // Orders of the list of users.
  'create index users_by_email on users (lower(email), id)',
  "create index users_by_name on users (lower(given_name || ' ' || family_name), id)",
  'create index users_by_change on users (updated_at, id)',
  // Beginnings of words, without an extension: each word is a lexeme, and a query asks for a prefix of one.
  `create index users_words on users using gin (array_to_tsvector(
    array_remove(string_to_array(lower(given_name || ' ' || family_name || ' ' || email), ' '), ''))) with (fastupdate = off)`,
  // States that few are in.
  'create index users_inactive on users (id) where not active',
  "create index users_troubled on users (id) where zitadel_state in ('locked', 'initial')",
  'create index users_last_run on users (last_run_id) where last_run_id is not null',
  'create index memberships_role on memberships (role_key, user_id)',
  'create index provisioning_runs_state on provisioning_runs (state, id)',
  'create index provisioning_runs_created on provisioning_runs (created_at)',
  'create index provisioning_runs_created_in on provisioning_runs (organization_id, created_at)',
  'create index status_changes_denied on status_changes (organization_id, at) where denied_after_ms is not null',
  'create index audit_position on audit (organization_id, chain_position)',
  'create index audit_time on audit (at)',
  'create index audit_actor on audit (actor, sequence)',
  'create index audit_object on audit (object_id, sequence)',
  'create index audit_action on audit (action text_pattern_ops, sequence)',
  'create index audit_request on audit (request_id, sequence) where request_id is not null',
];
