import { DrawbridgeError } from '@drawbridge/kit';
import { type Selectable, sql } from 'kysely';
import type { NetbirdState, OrganizationTable } from '../database/index.ts';
import { wakeLate } from '../saga/index.ts';
import { describe } from './carry-out.ts';
import { followInNetbird, type ListedNetbird, NetbirdLists, type NetbirdPerson } from './netbird.ts';
import type { SyncParts } from './parts.ts';
import { putItems, type Sweep } from './store.ts';

const pageSize = 1_000;

interface Row {
  readonly id: string;
  readonly organization_id: string;
  readonly zitadel_user_id: string | null;
  readonly active: boolean;
  readonly netbird_state: NetbirdState;
  readonly waiting_run: string | null;
}

/**
 * Brings NetBird in step with who is active here, whenever they became so: what failed in the last sweep is done in this one.
 * Who signed in there meanwhile gets what their run still owes them. A NetBird that does not answer costs nobody but itself.
 */
export async function correctNetbird(parts: SyncParts, sweep: Sweep, signal: AbortSignal): Promise<void> {
  const { database, integrations, logger } = parts;
  const lists = new NetbirdLists(integrations, signal);
  const organizations = await database.read((db) =>
    db
      .selectFrom('organizations')
      .select(['id', 'name', 'netbird_integration_id'])
      .where('netbird_integration_id', 'is not', null)
      .where('zitadel_org_id', 'is not', null)
      .$if(sweep.organization_id !== null, (query) => query.where('id', '=', sweep.organization_id))
      .orderBy('id')
      .execute(),
  );
  for (const organization of organizations) {
    try {
      await correctOrganization(parts, sweep, organization, lists, signal);
    } catch (err) {
      if (!(err instanceof DrawbridgeError) || signal.aborted || err.code === 'database_unavailable')
        throw err;
      logger.warn(
        { component: 'sync', organization: organization.id, code: err.code },
        'NetBird was not compared',
      );
      await noteUnread(parts, sweep, organization.id, describe(err));
    }
  }
}

async function correctOrganization(
  parts: SyncParts,
  sweep: Sweep,
  organization: Pick<Selectable<OrganizationTable>, 'id' | 'netbird_integration_id'>,
  lists: NetbirdLists,
  signal: AbortSignal,
): Promise<void> {
  const listed = await lists.of(organization);
  if (!listed) return;
  for (let after = ''; ; ) {
    const rows = await readPage(parts, organization.id, after);
    for (const row of rows) await correctOne(parts, sweep, row, listed, signal);
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last.id;
  }
}

async function readPage(
  { database }: SyncParts,
  organizationId: string,
  after: string,
): Promise<readonly Row[]> {
  return await database.read((db) =>
    db
      .selectFrom('users')
      .select(['id', 'organization_id', 'zitadel_user_id', 'active', 'netbird_state'])
      .select(
        sql<string | null>`(select r.id from provisioning_runs r
          where r.user_id = users.id and r.state = 'waiting' order by r.id desc limit 1)`.as('waiting_run'),
      )
      .where('organization_id', '=', organizationId)
      .where('zitadel_user_id', 'is not', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize)
      .execute(),
  );
}

async function correctOne(
  parts: SyncParts,
  sweep: Sweep,
  row: Row,
  listed: ListedNetbird,
  signal: AbortSignal,
): Promise<void> {
  const { database, jobs, clock } = parts;
  const zitadelUserId = row.zitadel_user_id ?? '';
  if (!listed.people.has(zitadelUserId)) return;
  const person: NetbirdPerson = {
    id: row.id,
    zitadelUserId,
    active: row.active,
    netbirdState: row.netbird_state,
  };
  try {
    const did = await followInNetbird(parts, listed, person, signal);
    if (did) await noteDone(parts, sweep, row, did);
  } catch (error) {
    if (!(error instanceof DrawbridgeError) || signal.aborted || error.code === 'database_unavailable')
      throw error;
    await noteDone(parts, sweep, row, `NetBird: ${describe(error)}`, 'failed');
    return;
  }
  if (!row.active || row.waiting_run === null) return;
  const run = row.waiting_run;
  const woken = await database.transaction((trx) => wakeLate(trx, jobs, clock, run));
  if (woken) await noteDone(parts, sweep, row, 'NetBird: signed in; groups follow');
}

/** Beside what the sweep did with the user; else as a correction of its own. */
async function noteDone(
  { database }: SyncParts,
  sweep: Sweep,
  row: Row,
  detail: string,
  state: 'applied' | 'failed' = 'applied',
): Promise<void> {
  await database.transaction(async (trx) => {
    const beside = await trx
      .updateTable('sweep_items')
      .set({ detail })
      .where('sweep_id', '=', sweep.id)
      .where('user_id', '=', row.id)
      .where('kind', 'in', ['activate', 'deactivate'])
      .where('state', '=', 'applied')
      .returning('user_id')
      .executeTakeFirst();
    if (beside) return;
    await putItems(trx, [
      {
        sweep_id: sweep.id,
        user_id: row.id,
        organization_id: row.organization_id,
        kind: 'correct',
        state,
        was: row.active ? 'active' : 'inactive',
        says: 'netbird',
        detail,
      },
    ]);
  });
}

/** Whoever was changed by this sweep is still to be followed: the item says so. */
async function noteUnread(
  { database }: SyncParts,
  sweep: Sweep,
  organizationId: string,
  why: string,
): Promise<void> {
  await database.read((db) =>
    db
      .updateTable('sweep_items')
      .set({ detail: `NetBird: ${why}` })
      .where('sweep_id', '=', sweep.id)
      .where('organization_id', '=', organizationId)
      .where('kind', 'in', ['activate', 'deactivate'])
      .where('state', '=', 'applied')
      .execute(),
  );
}

/**
 * Has NetBird follow right away for some users; what fails is done by the next sweep.
 *
 * @param sweepId whose items tell of it; absent where no sweep changed them
 */
export async function blockChanged(
  parts: Pick<SyncParts, 'database' | 'integrations' | 'clock' | 'logger'>,
  sweepId: string | undefined,
  userIds: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (userIds.length === 0) return;
  const { database, integrations, logger } = parts;
  const rows = await database.read((db) =>
    db
      .selectFrom('users')
      .innerJoin('organizations', 'organizations.id', 'users.organization_id')
      .select(['users.id', 'zitadel_user_id', 'active', 'netbird_state', 'netbird_integration_id'])
      .where('users.id', 'in', userIds)
      .where('netbird_integration_id', 'is not', null)
      .orderBy('users.id')
      .execute(),
  );
  const lists = new NetbirdLists(integrations, signal);
  for (const row of rows) {
    const person: NetbirdPerson = {
      id: row.id,
      zitadelUserId: row.zitadel_user_id ?? '',
      active: row.active,
      netbirdState: row.netbird_state,
    };
    let detail: string | undefined;
    try {
      const listed = await lists.of(row);
      detail = listed && (await followInNetbird(parts, listed, person, signal));
    } catch (err) {
      if (!(err instanceof DrawbridgeError) || err.code === 'database_unavailable') throw err;
      detail = `NetBird: ${describe(err)}`;
      logger.warn({ component: 'sync', user: row.id, code: err.code }, 'NetBird does not follow yet');
    }
    if (sweepId === undefined || detail === undefined) continue;
    await database.read((db) =>
      db
        .updateTable('sweep_items')
        .set({ detail })
        .where('sweep_id', '=', sweepId)
        .where('user_id', '=', row.id)
        .where('state', '=', 'applied')
        .execute(),
    );
  }
}

/**
 * Has runs go on whose people have signed in to NetBird since: the cheap look of every minute. NetBird is listed only where
 * somebody waits.
 *
 * @returns how many runs go on
 */
export async function wakeSignedIn(
  parts: Pick<SyncParts, 'database' | 'integrations' | 'jobs' | 'clock' | 'logger'>,
  signal: AbortSignal,
): Promise<number> {
  const { database, integrations, jobs, clock, logger } = parts;
  const waiting = await database.read((db) =>
    db
      .selectFrom('provisioning_runs')
      .innerJoin('users', 'users.id', 'provisioning_runs.user_id')
      .innerJoin('organizations', 'organizations.id', 'users.organization_id')
      .select(['provisioning_runs.id', 'users.zitadel_user_id', 'organizations.netbird_integration_id'])
      .where('provisioning_runs.state', '=', 'waiting')
      .where('organizations.netbird_integration_id', 'is not', null)
      .orderBy('provisioning_runs.id')
      .limit(10_000)
      .execute(),
  );
  const lists = new NetbirdLists(integrations, signal);
  let woken = 0;
  for (const [id, runs] of Map.groupBy(waiting, (row) => row.netbird_integration_id)) {
    try {
      const listed = await lists.of({ netbird_integration_id: id });
      for (const run of runs) {
        if (!listed?.people.has(run.zitadel_user_id ?? '')) continue;
        if (await database.transaction((trx) => wakeLate(trx, jobs, clock, run.id))) woken += 1;
      }
    } catch (err) {
      if (!(err instanceof DrawbridgeError) || err.code === 'database_unavailable') throw err;
      logger.warn({ component: 'sync', code: err.code }, 'who signed in to NetBird is not known');
    }
  }
  return woken;
}
