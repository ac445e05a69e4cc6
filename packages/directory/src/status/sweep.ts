import { DrawbridgeError } from '@drawbridge/kit';
import type { SweepItemTable } from '../database/index.ts';
import type { SettingValues } from '../settings/index.ts';
import { openRuns } from './apply.ts';
import { type Brake, type BrakeSettings, checkBrake, organizationLimit } from './brake.ts';
import { carryOut, type OnBehalf } from './carry-out.ts';
import { correctDrift } from './drift.ts';
import { correctNetbird } from './netbird-pass.ts';
import type { Suspicion } from './observe.ts';
import { ourselves, type SyncParts } from './parts.ts';
import { type ReadOrganizations, readOrganizations } from './read-organizations.ts';
import { endSweep, putItems, renewLease, type Sweep } from './store.ts';

/** How long a worker may be silent before its sweep counts as lost. */
export const leaseMs = 120_000;
/** Users read and changed at once. */
const atOnce = 4;

/**
 * One pass: prove that Zitadel sees its own, read everybody in pages, look at the brake, and only then change somebody, each
 * after a read of their own.
 *
 * @returns how it ended: `braked` where it holds somebody until a person decides
 * @throws {DrawbridgeError} why nothing could be concluded; nothing was changed then
 */
export async function sweep(parts: SyncParts, row: Sweep, signal: AbortSignal): Promise<'done' | 'braked'> {
  const { database, clock, settings } = parts;
  const values = await settings.read();
  const leaseUntil = () => new Date(clock.now() + leaseMs);
  const onPage = () => database.read((db) => renewLease(db, row.id, leaseUntil()));
  const pass = { startedAt: row.started_at, signal, onPage };
  const set = (
    values:
      | { readonly canary: string }
      | { readonly brake_limit: number | null; readonly users_read: number },
  ) => database.read((db) => db.updateTable('sweeps').set(values).where('id', '=', row.id).execute());
  const read = await readOrganizations(parts, row.organization_id, pass, async (canary) => {
    await set({ canary });
  });
  await noteRead(parts, row.id, read, brakeOf(values));

  const suspicions = await withoutOpenRuns(
    parts,
    read.observed.flatMap((one) => one.suspicions),
  );
  const leave = suspicions.filter(({ kind }) => kind === 'deactivate');
  const brake = brakeFor(read, leave, brakeOf(values));
  await onPage();
  await set({ brake_limit: brake.limit, users_read: usersOf(read) });
  const held = await recordLeaving(parts, row.id, leave, brake);

  const behalf: OnBehalf = {
    sweepId: row.id,
    rule: values['sync.conflictRule'],
    actor: ourselves,
    signal,
    leaseUntil,
  };
  const come = suspicions.filter(({ kind }) => kind === 'activate');
  await each(come, (one) => carryOut(parts, itemOf(one), behalf));
  if (!brake.pulled) await each(leave, (one) => carryOut(parts, itemOf(one), behalf));
  await correctNetbird(parts, row, signal);
  await correctDrift(parts, row, brake.limit, pass);

  const at = new Date(clock.now());
  const reason = brake.pulled ? wordsOf(read, leave, brake) : read.failures[0]?.reason;
  const code = brake.pulled ? 'sweep_braked' : read.failures[0]?.code;
  const state = brake.pulled && held > 0 ? 'braked' : 'done';
  await database.transaction((trx) =>
    endSweep(trx, row.id, {
      state,
      ...(code === undefined ? {} : { code }),
      ...(reason === undefined ? {} : { reason }),
      at,
    }),
  );
  return state;
}

function brakeOf(values: SettingValues): BrakeSettings {
  return {
    on: values['sync.brakeOn'],
    users: values['sync.brakeUsers'],
    percent: values['sync.brakePercent'],
  };
}

function usersOf({ observed }: ReadOrganizations): number {
  return observed.reduce((sum, one) => sum + one.usersRead, 0);
}

function brakeFor(read: ReadOrganizations, leave: readonly Suspicion[], settings: BrakeSettings): Brake {
  const wouldGo = Map.groupBy(leave, ({ organizationId }) => organizationId);
  const counts = read.observed.map(({ organizationId, active, gone }) => ({
    organizationId,
    active,
    gone,
    wouldGo: wouldGo.get(organizationId)?.length ?? 0,
  }));
  return checkBrake(settings, usersOf(read), counts);
}

function wordsOf(
  read: ReadOrganizations,
  leave: readonly Suspicion[],
  { limit, organizations }: Brake,
): string {
  const users = usersOf(read);
  const parts = [`${leave.length} of ${users} users would be deactivated; the limit is ${limit}`];
  for (const id of organizations) {
    const one = read.observed.find(({ organizationId }) => organizationId === id);
    const count = leave.filter(({ organizationId }) => organizationId === id).length;
    const name = read.names.get(id) ?? id;
    parts.push(
      one?.gone
        ? `Zitadel does not show the organization of ${name} itself`
        : `${count} of ${one?.active ?? 0} in ${name}, where half of it is`,
    );
  }
  return `${parts.join('; ')}. Nobody was deactivated.`;
}

/** What each organization came to, for whoever looks at the sweep. */
async function noteRead(
  { database }: SyncParts,
  sweepId: string,
  { observed, failures }: ReadOrganizations,
  settings: BrakeSettings,
): Promise<void> {
  const rows = [
    ...observed.map((one) => ({
      sweep_id: sweepId,
      organization_id: one.organizationId,
      users_read: one.usersRead,
      active: one.active,
      brake_limit: organizationLimit(settings, one.active),
      code: one.gone ? 'organization_unknown' : null,
      reason: one.gone ? 'Zitadel does not show the organization itself.' : null,
    })),
    ...failures.map(({ organizationId, code, reason }) => ({
      sweep_id: sweepId,
      organization_id: organizationId,
      users_read: 0,
      active: 0,
      brake_limit: null,
      code,
      reason,
    })),
  ];
  await database.transaction(async (trx) => {
    for (let at = 0; at < rows.length; at += 500)
      await trx
        .insertInto('sweep_organizations')
        .values(rows.slice(at, at + 500))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  });
}

/** A run that has a user in hand knows better; what it leaves behind, the next sweep sees. */
async function withoutOpenRuns(
  { database }: SyncParts,
  suspicions: readonly Suspicion[],
): Promise<readonly Suspicion[]> {
  if (suspicions.length === 0) return suspicions;
  const rows = await database.read((db) =>
    db
      .selectFrom('provisioning_runs')
      .select('user_id')
      .distinct()
      .where('state', 'in', openRuns)
      .where('user_id', 'is not', null)
      .execute(),
  );
  const busy = new Set(rows.map(({ user_id }) => user_id));
  return suspicions.filter(({ userId }) => !busy.has(userId));
}

/**
 * Writes who would be deactivated before anybody is. Whom an earlier sweep holds stays with that one, so that a person
 * decides about each once.
 *
 * @returns how many this sweep holds itself
 */
async function recordLeaving(
  { database }: SyncParts,
  sweepId: string,
  leave: readonly Suspicion[],
  { pulled }: Brake,
): Promise<number> {
  const elsewhere = new Map<string, string>();
  if (pulled) {
    const rows = await database.read((db) =>
      db
        .selectFrom('sweep_items')
        .innerJoin('sweeps', 'sweeps.id', 'sweep_items.sweep_id')
        .select(['sweep_items.user_id', 'sweep_items.sweep_id'])
        .where('sweep_items.state', 'in', ['held', 'approved'])
        .where('sweeps.state', 'in', ['braked', 'approved'])
        .execute(),
    );
    for (const row of rows) elsewhere.set(row.user_id, row.sweep_id);
  }
  const items = leave.map((one): SweepItemTable => {
    const other = elsewhere.get(one.userId);
    const row = { sweep_id: sweepId, ...itemOf(one) };
    return other === undefined
      ? { ...row, state: 'held', detail: null }
      : { ...row, state: 'skipped', detail: `waits in sweep ${other}` };
  });
  await database.transaction((trx) => putItems(trx, items));
  return items.filter(({ state }) => state === 'held').length;
}

function itemOf({ userId, organizationId, kind, was, says }: Suspicion) {
  return { user_id: userId, organization_id: organizationId, kind, was, says };
}

/** A few at a time; the first that throws ends it. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}

/** Why a sweep failed, as its row says it. */
export function failureOf(error: unknown): { readonly code: string; readonly reason: string } {
  if (error instanceof DrawbridgeError)
    return { code: error.code, reason: [error.message, error.why].filter(Boolean).join(' ') };
  return { code: 'internal', reason: 'The sweep failed by a mistake of ours; the log says which.' };
}
