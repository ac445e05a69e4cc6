/** What sweeps came to need: their part in each organization, approved items, versions of settings. */
export const sweeps: readonly string[] = [
  `create table sweep_organizations (
    sweep_id text not null references sweeps on delete cascade,
    organization_id text not null references organizations,
    users_read integer not null,
    active integer not null,
    brake_limit integer,
    code text,
    reason text,
    primary key (sweep_id, organization_id)
  )`,
  'create index sweep_organizations_organization on sweep_organizations (organization_id, sweep_id desc)',
  'alter table sweeps drop constraint sweeps_cause_check',
  `alter table sweeps add constraint sweeps_cause_check check (cause in ('timer', 'person', 'start', 'event'))`,
  'alter table sweep_items drop constraint sweep_items_state_check',
  `alter table sweep_items add constraint sweep_items_state_check
    check (state in ('held', 'approved', 'applied', 'dropped', 'skipped', 'failed'))`,
  "create index sweep_items_open on sweep_items (user_id) where state in ('held', 'approved')",
  'alter table settings add column version integer not null default 1',
  // Room beside each row, so that noting when a user was last seen touches no index.
  'alter table users set (fillfactor = 80)',
  // A sweep notes of everybody when they were last seen: that alone is no news for live streams.
  'drop trigger users_changes on users',
  `create trigger users_changes after insert or delete or update of
      integration_id, organization_id, zitadel_user_id, email, given_name, family_name, active, state_changed_at,
      state_changed_by, state_reason, deactivated_here, zitadel_state, netbird_user_id, netbird_state, last_run_id,
      version, permissions, updated_at
    on users for each row execute function note_change('user')`,
];
