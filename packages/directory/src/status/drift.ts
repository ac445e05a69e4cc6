import { DrawbridgeError } from '@drawbridge/kit';
import type { Tenant } from '../integrations/index.ts';
import { addMembership, changeUser } from '../users/index.ts';
import { openRuns } from './apply.ts';
import { describe, isDatabaseAway } from './carry-out.ts';
import { driftedGroups } from './drift-groups.ts';
import { NetbirdLists } from './netbird.ts';
import { listLagMs, type Pass } from './observe.ts';
import { ourselves, type SyncParts } from './parts.ts';
import { putItems, type Sweep } from './store.ts';

const pageSize = 1_000;
/** Items that say "left for the next sweep"; more would say nothing more. */
const mostLeft = 1_000;
/** Corrections of one sweep without a brake. */
const withoutBrake = 1_000;

/** A membership that does not stand in Zitadel or NetBird as it does here. */
export interface Drift {
  readonly userId: string;
  readonly organizationId: string;
  readonly home: boolean;
  readonly role: string;
  readonly says: string;
}

/**
 * Finds roles, project grants and NetBird groups that differ from ours, and has runs put them right: as many as the brake
 * lets a sweep deactivate, since a list that shows too little looks like everybody's drift. The rest is left to the next.
 */
export async function correctDrift(
  parts: SyncParts,
  sweep: Sweep,
  limit: number | null,
  pass: Pass,
): Promise<void> {
  const { database, integrations, logger } = parts;
  const organizations = await database.read((db) =>
    db
      .selectFrom('organizations')
      .innerJoin('sweep_organizations', 'sweep_organizations.organization_id', 'organizations.id')
      .select('organizations.id')
      .where('sweep_organizations.sweep_id', '=', sweep.id)
      .where('sweep_organizations.code', 'is', null)
      .orderBy('organizations.id')
      .execute(),
  );
  const netbirds = new NetbirdLists(integrations, pass.signal);
  const grants = new Map<string, Promise<ReadonlySet<string>>>();
  let left = limit ?? withoutBrake;
  let told = 0;
  for (const { id } of organizations) {
    try {
      const tenant = await integrations.tenant(id);
      await noteGrant(parts, tenant, grants, pass);
      for await (const drifts of driftOf(parts, sweep, tenant, netbirds, pass)) {
        const now = drifts.slice(0, Math.max(0, left));
        left -= now.length;
        for (const one of now) await correct(parts, sweep, one);
        const later = drifts.slice(now.length, now.length + Math.max(0, mostLeft - told));
        told += later.length;
        await database.transaction((trx) =>
          putItems(
            trx,
            later.map((one) => itemOf(sweep, one, 'skipped', 'left for the next sweep')),
          ),
        );
      }
    } catch (err) {
      if (!(err instanceof DrawbridgeError) || pass.signal.aborted || isDatabaseAway(err)) throw err;
      logger.warn({ component: 'sync', organization: id, code: err.code }, 'memberships were not compared');
    }
  }
}

/** Whether the application project is still granted: without that nobody of the organization can be authorized. */
async function noteGrant(
  { database }: SyncParts,
  { organization, projectId, site }: Tenant,
  known: Map<string, Promise<ReadonlySet<string>>>,
  { signal, startedAt }: Pass,
): Promise<void> {
  const read = async () => {
    const call = { signal, priority: 'low' as const };
    const ids = new Set<string>();
    const project = await site.projects.find(projectId, call);
    if (project?.organizationId) ids.add(project.organizationId);
    for await (const grant of site.projects.listGrants({ projectId }, call))
      if (grant.state !== 'PROJECT_GRANT_STATE_INACTIVE') ids.add(grant.grantedOrganizationId ?? '');
    return ids;
  };
  const granted = known.get(organization.integration_id) ?? read();
  known.set(organization.integration_id, granted);
  const has = (await granted).has(organization.zitadel_org_id);
  if (has === organization.project_grant) return;
  // The list need not show yet what a mapping has just made.
  if (!has && organization.mapped_at && organization.mapped_at > new Date(startedAt.getTime() - listLagMs))
    return;
  await database.read((db) =>
    db
      .updateTable('organizations')
      .set({ project_grant: has })
      .where('id', '=', organization.id)
      .where('zitadel_org_id', '=', organization.zitadel_org_id)
      .execute(),
  );
}

/** Pages of what differs in one organization. Zitadel's authorizations are listed once, and held by user id. */
async function* driftOf(
  parts: SyncParts,
  sweep: Sweep,
  tenant: Tenant,
  netbirds: NetbirdLists,
  { signal, onPage, startedAt }: Pass,
): AsyncGenerator<readonly Drift[]> {
  const { organization, projectId, zitadel } = tenant;
  const held = new Map<string, string>();
  const filter = { projectId, organizationId: organization.zitadel_org_id };
  for await (const page of zitadel.authorizations
    .list(filter, { signal, priority: 'low', pageSize })
    .pages()) {
    for (const { user, roles = [], state } of page.items) {
      const keys = roles.map(({ key }) => key).toSorted();
      if (user?.id) held.set(user.id, state === 'STATE_ACTIVE' ? keys.join(',') : 'inactive');
    }
    await onPage();
  }
  const netbird = await netbirds.of(organization).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return undefined;
  });
  for (let after = ''; ; ) {
    const since = new Date(startedAt.getTime() - listLagMs);
    const rows = await readMembers(parts, sweep, organization.id, { after, since });
    yield rows.flatMap((row): Drift[] => {
      const roles = held.get(row.zitadel_user_id ?? '') ?? 'missing';
      const groups = netbird && row.home ? driftedGroups(netbird, organization, row) : undefined;
      const says = roles === row.role_key ? groups : `role ${roles}`;
      const drift = {
        userId: row.user_id,
        organizationId: organization.id,
        home: row.home,
        role: row.role_key,
      };
      return says === undefined ? [] : [{ ...drift, says }];
    });
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last.user_id;
  }
}

/**
 * Active members whom no run has in hand, or had so shortly ago that lists may not show it yet, and whom this sweep would not
 * deactivate: who is gone from Zitadel has no roles there to put right, whether the brake holds them or not.
 */
async function readMembers(
  { database }: SyncParts,
  sweep: Sweep,
  organizationId: string,
  { after, since }: { readonly after: string; readonly since: Date },
) {
  return await database.read((db) =>
    db
      .selectFrom('memberships')
      .innerJoin('users', 'users.id', 'memberships.user_id')
      .select([
        'memberships.user_id',
        'memberships.role_key',
        'memberships.home',
        'users.zitadel_user_id',
        'users.netbird_state',
      ])
      .where('memberships.organization_id', '=', organizationId)
      .where('memberships.zitadel_authorization_id', 'is not', null)
      .where('users.active', '=', true)
      .where('users.zitadel_state', '=', 'active')
      .where('memberships.user_id', '>', after)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('provisioning_runs')
              .select('provisioning_runs.id')
              .whereRef('provisioning_runs.user_id', '=', 'users.id')
              .where((or) =>
                or.or([
                  or('provisioning_runs.state', 'in', [...openRuns, 'attention']),
                  or('provisioning_runs.updated_at', '>', since),
                ]),
              ),
          ),
        ),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('sweep_items')
              .select('sweep_items.user_id')
              .whereRef('sweep_items.user_id', '=', 'users.id')
              .where('sweep_items.sweep_id', '=', sweep.id)
              .where('sweep_items.kind', '=', 'deactivate'),
          ),
        ),
      )
      .orderBy('memberships.user_id')
      .limit(pageSize)
      .execute(),
  );
}

async function correct(parts: SyncParts, sweep: Sweep, drift: Drift): Promise<void> {
  const who = { actor: ourselves, reason: `sweep ${sweep.id} found ${drift.says}` };
  try {
    const { runId } = drift.home
      ? await changeUser(parts, drift.userId, {}, who)
      : await addMembership(parts, drift.userId, drift.organizationId, drift.role, who);
    await parts.database.transaction((trx) =>
      putItems(trx, [itemOf(sweep, drift, 'applied', `corrected by run ${runId}`)]),
    );
  } catch (error) {
    if (!(error instanceof DrawbridgeError) || isDatabaseAway(error)) throw error;
    await parts.database.transaction((trx) =>
      putItems(trx, [itemOf(sweep, drift, 'failed', describe(error))]),
    );
  }
}

function itemOf({ id }: Sweep, drift: Drift, state: 'applied' | 'skipped' | 'failed', detail: string) {
  return {
    sweep_id: id,
    user_id: drift.userId,
    organization_id: drift.organizationId,
    kind: 'correct' as const,
    state,
    was: `role ${drift.role}`,
    says: drift.says,
    detail,
  };
}
