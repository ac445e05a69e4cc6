import type { FoundUser } from '@drawbridge/zitadel';
import { type Kysely, sql } from 'kysely';
import type { Schema, ZitadelState } from '../database/index.ts';
import type { Tenant } from '../integrations/index.ts';
import { stateWord } from '../provisioning/index.ts';
import type { SyncParts } from './parts.ts';

/** A user about whom Zitadel's list says something else than we do. A list may lag and hide: it is only a suspicion. */
export interface Suspicion {
  readonly userId: string;
  readonly organizationId: string;
  readonly kind: 'deactivate' | 'activate' | 'report';
  readonly was: 'active' | 'inactive';
  /** What the list says; `missing` for who is not in it. */
  readonly says: ZitadelState | 'missing' | 'elsewhere';
}

/** One organization as the list shows it. */
export interface Observed {
  readonly organizationId: string;
  /** Users of ours who exist in Zitadel as far as we know. */
  readonly usersRead: number;
  readonly active: number;
  /** True where Zitadel does not show the organization itself. */
  readonly gone: boolean;
  readonly suspicions: readonly Suspicion[];
}

/** When the sweep began, how it ends early, and what is called between two pages. */
export interface Pass {
  readonly startedAt: Date;
  readonly signal: AbortSignal;
  readonly onPage: () => Promise<void>;
}

/** What happened later than this before the sweep need not be listed yet. */
export const listLagMs = 10 * 60_000;
const pageSize = 1_000;

/**
 * Reads all users of an organization in Zitadel, a page at a time, and compares each page with ours. Memory holds one page,
 * the ids of ours that were seen, and what differs.
 *
 * @throws {DrawbridgeError} what calls to Zitadel throw
 */
export async function observe(parts: SyncParts, tenant: Tenant, pass: Pass): Promise<Observed> {
  const { organization, zitadel, site } = tenant;
  const call = { signal: pass.signal, priority: 'low' as const };
  const seen = new Set<string>();
  const suspicions: Suspicion[] = [];
  let listed = 0;
  for await (const page of zitadel.users
    .list({ organizationId: organization.zitadel_org_id }, { ...call, pageSize })
    .pages()) {
    listed += page.items.length;
    suspicions.push(...(await comparePage(parts, tenant, page.items, seen, pass)));
    await pass.onPage();
  }
  const counts = await findMissing(parts, tenant, seen, suspicions, pass);
  // Nobody at all is seldom true of the people, and often of the organization.
  const gone =
    listed === 0 &&
    counts.active > 0 &&
    (await site.organizations.find(organization.zitadel_org_id, call)) === undefined;
  return { organizationId: organization.id, ...counts, gone, suspicions };
}

async function comparePage(
  { database }: SyncParts,
  { organization }: Tenant,
  page: readonly FoundUser[],
  seen: Set<string>,
  { startedAt }: Pass,
): Promise<readonly Suspicion[]> {
  const states = new Map(page.map(({ userId, state }) => [userId, stateWord(state)]));
  const rows = await database.read((db) =>
    db
      .selectFrom('users')
      .select(['id', 'organization_id', 'zitadel_user_id', 'active', 'zitadel_state'])
      .where('integration_id', '=', organization.integration_id)
      .where(sql<boolean>`zitadel_user_id = any(${[...states.keys()]}::text[])`)
      .execute(),
  );
  const found: Suspicion[] = [];
  const idsBySaid = new Map<ZitadelState, string[]>();
  for (const row of rows) {
    const says = states.get(row.zitadel_user_id ?? '') ?? 'unknown';
    const was = row.active ? 'active' : 'inactive';
    if (row.organization_id !== organization.id) {
      found.push({
        userId: row.id,
        organizationId: row.organization_id,
        kind: 'report',
        was,
        says: 'elsewhere',
      });
      continue;
    }
    seen.add(row.id);
    idsBySaid.set(says, [...(idsBySaid.get(says) ?? []), row.id]);
    const kind = row.active
      ? says === 'inactive'
        ? 'deactivate'
        : undefined
      : says === 'active'
        ? 'activate'
        : undefined;
    if (kind) found.push({ userId: row.id, organizationId: organization.id, kind, was, says });
  }
  const known = new Map(rows.map((row) => [row.id, row.zitadel_state]));
  await database.transaction(async (trx) => {
    for (const [says, ids] of idsBySaid) {
      const same = ids.filter((id) => known.get(id) === says);
      const other = ids.filter((id) => known.get(id) !== says);
      await noteSeen(trx, same, {}, startedAt);
      await noteSeen(trx, other, { zitadel_state: says }, startedAt);
    }
  });
  return found;
}

/** Who is locked by a change under way is passed over, and whoever was read since the sweep began is known better. */
async function noteSeen(
  trx: Kysely<Schema>,
  ids: readonly string[],
  change: { readonly zitadel_state?: ZitadelState },
  at: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .updateTable('users')
    .set({ ...change, zitadel_seen_at: at })
    .where('id', 'in', (query) =>
      query
        .selectFrom('users')
        .select('id')
        .where(sql<boolean>`id = any(${ids}::text[])`)
        .where((or) => or.or([or('zitadel_seen_at', 'is', null), or('zitadel_seen_at', '<', at)]))
        .orderBy('id')
        .forUpdate()
        .skipLocked(),
    )
    .execute();
}

/** Adds who is active here and was not in the list. */
async function findMissing(
  { database }: SyncParts,
  { organization }: Tenant,
  seen: ReadonlySet<string>,
  suspicions: Suspicion[],
  { startedAt, onPage }: Pass,
): Promise<{ readonly usersRead: number; readonly active: number }> {
  const oldEnough = new Date(startedAt.getTime() - listLagMs);
  let usersRead = 0;
  let active = 0;
  for (let after = ''; ; ) {
    const rows = await database.read((db) =>
      db
        .selectFrom('users')
        .select(['id', 'active', 'created_at'])
        .where('organization_id', '=', organization.id)
        .where('zitadel_user_id', 'is not', null)
        .where('id', '>', after)
        .orderBy('id')
        .limit(pageSize)
        .execute(),
    );
    usersRead += rows.length;
    for (const row of rows) {
      if (!row.active) continue;
      active += 1;
      if (!seen.has(row.id) && row.created_at < oldEnough)
        suspicions.push({
          userId: row.id,
          organizationId: organization.id,
          kind: 'deactivate',
          was: 'active',
          says: 'missing',
        });
    }
    await onPage();
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return { usersRead, active };
    after = last.id;
  }
}
