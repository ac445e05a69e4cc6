/** Live streams of every organization that somebody belongs to are told of what changes of them, not those of the home alone. */
export const memberChanges: readonly string[] = [
  `create function note_user_change() returns trigger language plpgsql as $body$
    begin
      if tg_op = 'DELETE' then
        insert into changes (organization_id, kind, object_id) values (old.organization_id, 'user', old.id);
      else
        insert into changes (organization_id, kind, object_id)
          select new.organization_id, 'user', new.id
          union
          select organization_id, 'user', user_id from memberships where user_id = new.id;
      end if;
      return null;
    end
  $body$`,
  // Who comes and who leaves: the latter no longer stands among the memberships when the user itself changes.
  `create function note_member_change() returns trigger language plpgsql as $body$
    begin
      if tg_op = 'DELETE' then
        insert into changes (organization_id, kind, object_id) values (old.organization_id, 'user', old.user_id);
      else
        insert into changes (organization_id, kind, object_id) values (new.organization_id, 'user', new.user_id);
      end if;
      return null;
    end
  $body$`,
  'drop trigger users_changes on users',
  `create trigger users_changes after insert or delete or update of
      integration_id, organization_id, zitadel_user_id, email, given_name, family_name, active, state_changed_at,
      state_changed_by, state_reason, deactivated_here, zitadel_state, netbird_user_id, netbird_state, last_run_id,
      version, permissions, updated_at
    on users for each row execute function note_user_change()`,
  `create trigger memberships_changes after insert or delete or update of role_key, home
    on memberships for each row execute function note_member_change()`,
];
