/**
 * Beginnings of words of runs and of the audit, as 0005 has them for users. Runs are written with every step: new words wait in a list
 * until it is worth the while to sort them in, a short one, since each search reads it through. Lengths are cut where PostgreSQL would
 * refuse a word.
 */
export const words: readonly string[] = [
  `create index provisioning_runs_words on provisioning_runs using gin (array_to_tsvector(
    array_remove(string_to_array(lower(left(coalesce(title, ''), 500) || ' ' || replace(saga, '-', ' ')), ' '), '')))
    with (gin_pending_list_limit = 512)`,
  `create index audit_words on audit using gin (array_to_tsvector(
    array_remove(string_to_array(lower(translate(action, '.-_', '   ') || ' ' || object_type
      || ' ' || translate(left(coalesce(reason, ''), 500), E'\\n\\r\\t', '   ')
      || ' ' || left(coalesce(personal->>'email', ''), 500) || ' ' || left(coalesce(personal->>'givenName', ''), 500)
      || ' ' || left(coalesce(personal->>'familyName', ''), 500)), ' '), '')))
    with (gin_pending_list_limit = 512)`,
];
