import { type CompiledQuery, type KyselyPlugin, type RootOperationNode, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCaller } from '../src/api/caller.ts';
import { countAudit, listAudit } from '../src/audit/index.ts';
import { Database } from '../src/database/index.ts';
import { readAttention, readCharts } from '../src/overview/index.ts';
import { listRuns } from '../src/saga/index.ts';
import { getUser, listUsers } from '../src/users/index.ts';
import { databases } from './support/databases.ts';
import { fillWithMany } from './support/many.ts';

/** What a large directory is asked for, and an index that the answer cannot do without. */
const reads: readonly (readonly [what: string, index: string, read: (on: Database) => Promise<unknown>])[] = [
  ['the caller of a token', 'users_subject', (on) => loadCaller(on, 'z77')],
  ['a user', 'users_pkey', (on) => getUser(on, 'u00000077')],
  ['users of all tenants', 'users_pkey', (on) => listUsers(on, { limit: 20 })],
  ['users by name', 'users_by_name', (on) => listUsers(on, { limit: 20, sort: 'name' })],
  ['users by address', 'users_by_email', (on) => listUsers(on, { limit: 20, sort: 'email' })],
  ['users by change', 'users_by_change', (on) => listUsers(on, { limit: 20, sort: '-changed' })],
  [
    'the user with an address',
    'users_by_email',
    (on) => listUsers(on, { limit: 20, email: 'Nobody@o1.example' }),
  ],
  ['users whose name begins so', 'users_words', (on) => listUsers(on, { limit: 20, q: 'fa87' })],
  ['users who are locked', 'users_troubled', (on) => listUsers(on, { limit: 20, state: 'locked' })],
  ['users who are inactive', 'users_inactive', (on) => listUsers(on, { limit: 20, state: 'inactive' })],
  ['users whose run stopped', 'users_last_run', (on) => listUsers(on, { limit: 20, state: 'attention' })],
  ['administrators', 'memberships_role', (on) => listUsers(on, { limit: 20, role: 'admin', sort: 'name' })],
  [
    "a tenant's users",
    'memberships_organization',
    (on) => listUsers(on, { limit: 20, organizationId: 'o7' }),
  ],
  ['runs of all tenants', 'provisioning_runs_pkey', (on) => listRuns(on, { limit: 20 })],
  ['runs that stopped', 'provisioning_runs_state', (on) => listRuns(on, { limit: 20, state: 'attention' })],
  ["a tenant's runs", 'provisioning_runs_page', (on) => listRuns(on, { limit: 20, organizationId: 'o7' })],
  ['runs about a word', 'provisioning_runs_words', (on) => listRuns(on, { limit: 20, q: 'uc4ca42' })],
  ["a user's runs", 'provisioning_runs_user', (on) => listRuns(on, { limit: 20, userId: 'u00000077' })],
  ['what waits for a person', 'provisioning_runs_state', (on) => readAttention(on, undefined)],
  ['charts of a tenant', 'provisioning_runs_created_in', (on) => readCharts(on, new Date(), 'o7')],
  ['charts of the site', 'provisioning_runs_created', (on) => readCharts(on, new Date(), undefined)],
  ['the whole audit', 'audit_pkey', (on) => listAudit(on, { limit: 20 })],
  ["a tenant's audit", 'audit_organization', (on) => listAudit(on, { limit: 20, organizationId: 'o7' })],
  ["the site's audit", 'audit_position', (on) => listAudit(on, { limit: 20, organizationId: null })],
  ['what somebody did', 'audit_actor', (on) => listAudit(on, { limit: 20, actor: 'z7' })],
  ['what was done to somebody', 'audit_object', (on) => listAudit(on, { limit: 20, objectId: 'u00000077' })],
  ['what a request did', 'audit_request', (on) => listAudit(on, { limit: 20, requestId: 'q77' })],
  ['what was done so', 'audit_action', (on) => countAudit(on, { action: 'setting.' })],
  ['the audit about a word', 'audit_words', (on) => listAudit(on, { limit: 20, q: 'uc4ca42' })],
  ['how much of it is about a word', 'audit_words', (on) => countAudit(on, { q: 'create uc4ca42' })],
  ['what was done then', 'audit_time', (on) => countAudit(on, { from: new Date(Date.now() - 60_000) })],
];

describe.each(databases)('reads of a large directory on $name', (kind) => {
  let database: Database;
  let close: () => Promise<void>;
  let recorded: { readonly on: Database; readonly queries: CompiledQuery[] };

  beforeAll(async () => {
    ({ database, close } = await kind.open());
    await fillWithMany(database, { users: 8_000, tenants: 80 });
    recorded = record(database);
  }, 60_000);
  afterAll(() => close());

  it.each(reads)('%s: found by %s', async (_what, index, read) => {
    recorded.queries.length = 0;
    await read(recorded.on);
    const plans: string[] = [];
    for (const query of recorded.queries) plans.push(await explain(database, query));
    expect(plans.join('\n')).toContain(index);
    expect(plans.join('\n')).not.toMatch(/Seq Scan on "?(users|memberships|audit|provisioning_runs)\b/);
  });

  it('finds who has a word, whatever signs are in it', async () => {
    await database.db
      .updateTable('users')
      .set({ given_name: "Mary O'Neil", family_name: 'back\\slash  Ünal:*' })
      .where('id', '=', 'u00000001')
      .execute();
    for (const q of ["o'n", 'MARY back\\s', 'ünal:*', 'mary'])
      expect((await listUsers(database, { limit: 5, q })).items.map(({ user }) => user.id)).toEqual([
        'u00000001',
      ]);
    for (const q of ['neil', 'mary nobody', '& |', "'"])
      expect((await listUsers(database, { limit: 5, q })).items).toEqual([]);
  });
});

/** The same database, with a list of what it was asked. */
function record(database: Database): { readonly on: Database; readonly queries: CompiledQuery[] } {
  const queries: CompiledQuery[] = [];
  const { db } = database;
  const recorder: KyselyPlugin = {
    transformQuery({ node, queryId }): RootOperationNode {
      queries.push(db.getExecutor().compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const { kind, jobs } = database;
  const on = new Database({ kind, jobs, kysely: db.withPlugin(recorder), close: async () => undefined });
  return { on, queries };
}

/** The plan of a query. Small tables are cheapest read whole; what counts is whether an index could be used. */
async function explain(database: Database, query: CompiledQuery): Promise<string> {
  return await database.transaction(async (trx) => {
    await sql`set local enable_seqscan = off`.execute(trx);
    const explained = await trx.executeQuery<{ 'QUERY PLAN': string }>({
      ...query,
      sql: `explain ${query.sql}`,
    });
    return explained.rows.map((row) => row['QUERY PLAN']).join('\n');
  });
}
