import type { Database } from '@drawbridge/directory';
import { sql } from 'kysely';

/** Fills a database as a large directory is filled, but smaller: enough for the planner to have something to choose. */
export async function fillWithMany(
  database: Database,
  { users, tenants }: { readonly users: number; readonly tenants: number },
): Promise<void> {
  const statements = [
    `insert into system_integrations (id, type, name, domain, issuer, created_at, updated_at)
      values ('i', 'zitadel', 'main', 'd', 'https://d', now(), now())`,
    `insert into organizations (id, slug, name, integration_id, zitadel_org_id, created_at, updated_at)
      select 'o' || n, 'o' || n, 'Tenant ' || n, 'i', 'o' || n, now(), now() from generate_series(0, ${tenants - 1}) n`,
    `insert into provisioning_runs (id, saga, organization_id, user_id, state, input, title, requested_by, created_at,
        updated_at, finished_at)
      select 'r' || lpad(n::text, 8, '0'), 'create-user', 'o' || n % ${tenants}, 'u' || lpad(n::text, 8, '0'),
        case when n % 997 = 0 then 'attention' when n % 499 = 0 then 'waiting' else 'done' end,
        '{}', 'create u' || md5(n::text) || '@o' || n % ${tenants} || '.example', 'root', now() - n * interval '1 minute', now(), now() from generate_series(1, ${users}) n`,
    `insert into users (id, integration_id, organization_id, zitadel_user_id, email, given_name, family_name, active,
        deactivated_here, zitadel_state, netbird_state, last_run_id, permissions, created_at, updated_at)
      select 'u' || lpad(n::text, 8, '0'), 'i', 'o' || n % ${tenants}, 'z' || n,
        'u' || md5(n::text) || '@o' || n % ${tenants} || '.example', 'G' || md5('g' || n % 5000), 'F' || md5('f' || n),
        n % 101 <> 0, n % 202 = 0, case when n % 307 = 0 then 'locked' when n % 311 = 0 then 'initial' else 'active' end,
        case when n % 401 = 0 then 'waiting' else 'none' end, 'r' || lpad(n::text, 8, '0'), '[]', now(),
        now() - n * interval '1 second' from generate_series(1, ${users}) n`,
    `insert into memberships (user_id, organization_id, role_key, home, created_at)
      select 'u' || lpad(n::text, 8, '0'), 'o' || n % ${tenants}, case when n % 211 = 0 then 'admin' else 'user' end,
        true, now() from generate_series(1, ${users}) n`,
    `insert into audit (organization_id, at, actor, action, object_type, object_id, request_id, personal, chain_position, hash)
      select case when n % 503 = 0 then null else 'o' || n % ${tenants} end, now() - n * interval '1 second', 'z' || n % 1009,
        case when n % 499 = 0 then 'setting.change' else 'user.create' end, 'user', 'u' || lpad(n::text, 8, '0'),
        'q' || n, jsonb_build_object('email', 'u' || md5(n::text) || '@o' || n % ${tenants} || '.example'), n, 'h' from generate_series(1, ${users}) n`,
    'vacuum analyze',
  ];
  for (const statement of statements) await sql.raw(statement).execute(database.db);
}
