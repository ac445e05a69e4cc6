import type { Secret } from '@drawbridge/kit';

export interface Many {
  readonly users: number;
  readonly tenants: number;
}

const chunk = 50_000;

/** Fills a PostgreSQL database beside the directory: people, their runs, and an audit entry each. */
export async function fillWithMany(url: Secret, { users, tenants }: Many): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url.expose() });
  await client.connect();
  try {
    // Neither triggers nor references are asked: what is written here fits.
    await client.query('set session_replication_role = replica');
    await client.query('set synchronous_commit = off');
    await client.query(`insert into organizations
      (id, slug, name, integration_id, zitadel_org_id, created_at, updated_at)
      select 'o' || n, 'o' || n, 'Tenant ' || n, (select id from system_integrations limit 1), 'o' || n, now(), now()
      from generate_series(0, ${tenants - 1}) n`);
    for (let from = 1; from <= users; from += chunk) {
      const series = `generate_series(${from}, ${Math.min(from + chunk - 1, users)}) n`;
      for (const rows of [people(tenants), memberships(tenants), runs(tenants), audit(tenants)])
        await client.query(`${rows} from ${series}`);
    }
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

const id = (letter: string) => `'${letter}' || lpad(n::text, 8, '0')`;

const people = (
  tenants: number,
) => `insert into users (id, integration_id, organization_id, zitadel_user_id, email,
    given_name, family_name, active, deactivated_here, zitadel_state, netbird_state, last_run_id, permissions,
    created_at, updated_at)
  select ${id('u')}, (select id from system_integrations limit 1), 'o' || n % ${tenants}, 'z' || n,
    'm' || md5(n::text) || '@o' || n % ${tenants} || '.example', 'G' || md5('g' || n % 50000), 'F' || md5('f' || n),
    n % 101 <> 0, n % 202 = 0,
    case when n % 3001 = 0 then 'locked' when n % 3011 = 0 then 'initial' else 'active' end,
    case when n % 4001 = 0 then 'waiting' else 'none' end, ${id('r')}, '[]', now(), now() - n * interval '1 second'`;

const memberships = (tenants: number) => `insert into memberships
    (user_id, organization_id, role_key, home, created_at)
  select ${id('u')}, 'o' || n % ${tenants}, case when n % 211 = 0 then 'admin' else 'user' end, true, now()`;

const runs = (
  tenants: number,
) => `insert into provisioning_runs (id, saga, organization_id, user_id, state, input,
    requested_by, created_at, updated_at, finished_at)
  select ${id('r')}, 'create-user', 'o' || n % ${tenants}, ${id('u')},
    case when n % 9973 = 0 then 'attention' when n % 4999 = 0 then 'waiting' else 'done' end,
    '{}', 'root', now() - n * interval '10 seconds', now(), now()`;

const audit = (
  tenants: number,
) => `insert into audit (organization_id, at, actor, action, object_type, object_id,
    request_id, chain_position, hash)
  select case when n % 5003 = 0 then null else 'o' || n % ${tenants} end, now() - n * interval '1 second',
    'z' || n % 10007, case when n % 4999 = 0 then 'setting.change' else 'user.create' end, 'user', ${id('u')},
    'q' || n, n, 'h'`;
