import { sql } from 'kysely';
import {
  type Database,
  haveWords,
  lackWords,
  type SweepState,
  type SweepTable,
  wordsOf,
} from '../database/index.ts';
import type { Sweep, SweepItem } from './store.ts';

/** One organization in a sweep. */
export interface SweepOrganization {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly usersRead: number;
  readonly active: number;
  /** How many of its users are held. */
  readonly wouldGo: number;
  readonly limit: number | null;
  /** What Zitadel says of most of those that are held. */
  readonly says: string | null;
  /** Why it could not be read, or is not believed. */
  readonly code: string | null;
  readonly reason: string | null;
}

/** A sweep with its parts. Where it is asked for by one organization, its counts are that one's alone. */
export interface SweepView {
  readonly sweep: Sweep;
  readonly organizations: readonly SweepOrganization[];
}

/** Sweeps that a list leaves out: those of which one of these holds. */
export interface WithoutSweeps {
  readonly states?: readonly SweepState[];
  readonly causes?: readonly SweepTable['cause'][];
  /** As {@link ListSweeps.q}. */
  readonly words?: readonly string[];
}

/** Which sweeps to list. */
export interface ListSweeps {
  /** Only this organization's part in sweeps that read it. */
  readonly organizationId?: string;
  readonly state?: SweepState;
  readonly cause?: SweepTable['cause'];
  /** Beginnings of words: the cause, who asked for it, its id. */
  readonly q?: string;
  /** Which to leave out. */
  readonly without?: WithoutSweeps;
  /** Id of the last sweep of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** Words of a sweep. Without an index: there are some fifty sweeps a day. */
const searchable = sql`array_to_tsvector(
  array_remove(string_to_array(lower(cause || ' ' || requested_by || ' ' || id), ' '), ''))`;

/** Sweeps, the newest first. */
export async function listSweeps(
  database: Database,
  { organizationId, state, cause, q, without = {}, after, limit }: ListSweeps,
): Promise<{ readonly items: readonly SweepView[]; readonly next?: string }> {
  const { states = [], causes = [], words = [] } = without;
  const rows = await database.read((db) => {
    let query = db
      .selectFrom('sweeps')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (state !== undefined) query = query.where('state', '=', state);
    if (cause !== undefined) query = query.where('cause', '=', cause);
    const asked = wordsOf(q);
    if (asked.length > 0) query = query.where(haveWords(searchable, asked));
    if (states.length > 0) query = query.where('state', 'not in', states);
    if (causes.length > 0) query = query.where('cause', 'not in', causes);
    if (words.length > 0) query = query.where(lackWords(searchable, words));
    if (after !== undefined) query = query.where('id', '<', after);
    if (organizationId !== undefined) query = query.where(concerns(organizationId));
    return query.execute();
  });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { items: await complete(database, page, organizationId), ...(last ? { next: last.id } : {}) };
}

/** One sweep; nothing where there is none, or where it has nothing to do with the organization that asks. */
export async function getSweep(
  database: Database,
  id: string,
  organizationId?: string,
): Promise<SweepView | undefined> {
  const rows = await database.read((db) => {
    const query = db.selectFrom('sweeps').selectAll().where('id', '=', id);
    return (organizationId === undefined ? query : query.where(concerns(organizationId))).execute();
  });
  return (await complete(database, rows, organizationId))[0];
}

/** A sweep is an organization's if it is of it alone, has read it, or is about to. */
function concerns(organizationId: string) {
  return sql<boolean>`(sweeps.organization_id = ${organizationId} or (sweeps.organization_id is null and (
    sweeps.state = 'running' or exists (select 1 from sweep_organizations s
      where s.sweep_id = sweeps.id and s.organization_id = ${organizationId}))))`;
}

interface Counts {
  readonly sweep_id: string;
  readonly organization_id: string;
  readonly activated: number;
  readonly deactivated: number;
  readonly corrected: number;
  readonly skipped: number;
  readonly held: number;
  readonly says: string | null;
}

async function complete(
  database: Database,
  sweeps: readonly Sweep[],
  organizationId: string | undefined,
): Promise<readonly SweepView[]> {
  if (sweeps.length === 0) return [];
  const ids = sweeps.map(({ id }) => id);
  const [parts, counts] = await database.read(async (db) => {
    const read = await db
      .selectFrom('sweep_organizations as part')
      .innerJoin('organizations', 'organizations.id', 'part.organization_id')
      .select(['organizations.id', 'slug', 'name', 'sweep_id', 'users_read', 'active', 'brake_limit'])
      .select(['code', 'reason'])
      .where('sweep_id', 'in', ids)
      .$if(organizationId !== undefined, (query) =>
        query.where('part.organization_id', '=', organizationId ?? ''),
      )
      .orderBy('name')
      .orderBy('organizations.id')
      .execute();
    const { rows } = await sql<Counts>`
      select sweep_id, organization_id,
        count(*) filter (where kind = 'activate' and state = 'applied')::int as activated,
        count(*) filter (where kind = 'deactivate' and state = 'applied')::int as deactivated,
        count(*) filter (where kind = 'correct' and state = 'applied')::int as corrected,
        count(*) filter (where state in ('skipped', 'failed'))::int as skipped,
        count(*) filter (where state in ('held', 'approved'))::int as held,
        mode() within group (order by says) filter (where state in ('held', 'approved')) as says
      from sweep_items where sweep_id in (${sql.join(ids)}) group by sweep_id, organization_id`.execute(db);
    return [read, rows] as const;
  });
  return sweeps.map((sweep) => {
    const countOf = (id: string) =>
      counts.find((one) => one.sweep_id === sweep.id && one.organization_id === id);
    const organizations = parts
      .filter(({ sweep_id }) => sweep_id === sweep.id)
      .map((part) => ({
        id: part.id,
        slug: part.slug,
        name: part.name,
        usersRead: part.users_read,
        active: part.active,
        wouldGo: countOf(part.id)?.held ?? 0,
        limit: part.brake_limit,
        says: countOf(part.id)?.says ?? null,
        code: part.code,
        reason: part.reason,
      }));
    if (organizationId === undefined) return { sweep, organizations };
    const [own] = organizations;
    const count = countOf(organizationId);
    // The words of a sweep of all organizations name others.
    const foreign = sweep.organization_id === null;
    return {
      sweep: {
        ...sweep,
        users_read: own?.usersRead ?? 0,
        activated: count?.activated ?? 0,
        deactivated: count?.deactivated ?? 0,
        corrected: count?.corrected ?? 0,
        skipped: count?.skipped ?? 0,
        held: count?.held ?? 0,
        ...(foreign
          ? {
              reason: own?.reason ?? null,
              brake_limit: own?.limit ?? null,
              decision_reason: null,
              canary: sweep.canary,
            }
          : {}),
      },
      organizations,
    };
  });
}

/** An item with the person it is about. */
export interface SweepItemView {
  readonly item: SweepItem;
  readonly email: string | null;
  readonly name: string | null;
  readonly zitadelSeenAt: Date | null;
}

/** Which items of a sweep to list. */
export interface ListSweepItems {
  readonly sweepId: string;
  readonly organizationId?: string;
  readonly state?: SweepItem['state'];
  readonly after?: string;
  readonly limit: number;
}

/** Items of a sweep by organization and user. */
export async function listSweepItems(
  database: Database,
  { sweepId, organizationId, state, after, limit }: ListSweepItems,
): Promise<{ readonly items: readonly SweepItemView[]; readonly next?: string }> {
  const rows = await database.read((db) => {
    let query = db
      .selectFrom('sweep_items')
      .leftJoin('users', 'users.id', 'sweep_items.user_id')
      .selectAll('sweep_items')
      .select(['users.email', 'users.given_name', 'users.family_name', 'users.zitadel_seen_at'])
      .where('sweep_id', '=', sweepId)
      .orderBy('sweep_items.organization_id')
      .orderBy('sweep_items.user_id')
      .orderBy('sweep_items.kind')
      .limit(limit + 1);
    if (organizationId !== undefined) query = query.where('sweep_items.organization_id', '=', organizationId);
    if (state !== undefined) query = query.where('sweep_items.state', '=', state);
    const [organization = '', user = '', kind = ''] = after?.split(' ') ?? [];
    if (after !== undefined)
      query = query.where(
        sql<boolean>`(sweep_items.organization_id, sweep_items.user_id, sweep_items.kind) > (${organization}, ${user}, ${kind})`,
      );
    return query.execute();
  });
  const items = rows.slice(0, limit).map(({ email, given_name, family_name, zitadel_seen_at, ...item }) => ({
    item,
    email,
    name: given_name === null ? null : `${given_name} ${family_name}`,
    zitadelSeenAt: zitadel_seen_at,
  }));
  const last = rows.length > limit ? items.at(-1)?.item : undefined;
  return { items, ...(last ? { next: `${last.organization_id} ${last.user_id} ${last.kind}` } : {}) };
}
