import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import {
  type Database,
  haveWords,
  lackWords,
  type MembershipTable,
  type RunState,
  type Schema,
  type UserTable,
  wordsOf,
} from '../database/index.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { inState, type UserState } from './state-word.ts';

/** A user with where they belong, and the last run about them. */
export interface UserView {
  readonly user: Selectable<UserTable>;
  readonly memberships: readonly Pick<Selectable<MembershipTable>, 'organization_id' | 'role_key' | 'home'>[];
  readonly lastRun: { readonly id: string; readonly state: RunState } | undefined;
}

export interface UserPage {
  readonly items: readonly UserView[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
  /** How many match, where that was asked for; over all organizations 10,000 stands for as many or more. */
  readonly total?: number;
}

/** What users may be sorted by; ids, and so the order in which users were created, decide between equals. */
export type UserSort = 'created' | 'name' | 'email' | '-changed';

/** Users that a list leaves out: those of whom one of these holds. */
export interface WithoutUsers {
  readonly emails?: readonly string[];
  /** As {@link ListUsers.q}. */
  readonly words?: readonly string[];
  readonly states?: readonly UserState[];
  /** Role in the organization of the list; without one, anywhere. */
  readonly roles?: readonly string[];
}

export interface ListUsers {
  readonly organizationId?: string;
  readonly email?: string;
  /** Beginnings of words of the name, or of the address. */
  readonly q?: string;
  readonly state?: UserState;
  readonly role?: string;
  /** Whom to leave out. */
  readonly without?: WithoutUsers;
  /** Default `created`. */
  readonly sort?: UserSort;
  /** Cursor of the page before. */
  readonly after?: string;
  readonly limit: number;
  readonly count?: boolean;
}

/** A count over all organizations ends here: nobody needs to know it more exactly, and counting takes time. */
const mostCounted = 10_000;

/** The words of a user's name, and the address, as the index `users_words` has them. */
const searchable = sql`array_to_tsvector(
  array_remove(string_to_array(lower(users.given_name || ' ' || users.family_name || ' ' || users.email), ' '), ''))`;

type Query = SelectQueryBuilder<Schema, 'users', object>;

/** One user, if there is one. */
export async function getUser(database: Database, id: string): Promise<UserView | undefined> {
  const rows = await database.read((db) =>
    db.selectFrom('users').selectAll('users').where('users.id', '=', id).execute(),
  );
  return (await complete(database, rows))[0];
}

/**
 * Users page by page. A page begins behind the last user of the one before, so that rows that come and go shift nothing.
 *
 * @throws {DrawbridgeError} `invalid_request` for a cursor of another order
 */
export async function listUsers(database: Database, list: ListUsers): Promise<UserPage> {
  const { limit, count = false, sort = 'created' } = list;
  const { column, descending } = orders[sort];
  const rows = await database.read((db) => {
    const query = narrow(candidates(db, list), list)
      .selectAll('users')
      .limit(limit + 1)
      .orderBy(column, descending ? 'desc' : 'asc')
      .orderBy('users.id', descending ? 'desc' : 'asc');
    if (list.after === undefined) return query.execute();
    const { value, id } = readCursor(list.after, sort);
    const behind = descending ? sql`<` : sql`>`;
    return query
      .where(
        sql<boolean>`(${column}, users.id) ${behind} (${sql.val(value)}::${castOf(sort)}, ${sql.val(id)})`,
      )
      .execute();
  });
  const items = await complete(database, rows.slice(0, limit));
  const last = rows[limit - 1];
  const total = count
    ? await database.read((db) =>
        db
          .selectFrom(
            narrow(candidates(db, list), list)
              .select('users.id')
              .$if(list.organizationId === undefined, (query) => query.limit(mostCounted))
              .as('matching'),
          )
          .select((builder) => builder.fn.countAll<string>().as('count'))
          .executeTakeFirstOrThrow(),
      )
    : undefined;
  return {
    items,
    ...(rows.length > limit && last ? { next: writeCursor(sort, sortValue(last, sort), last.id) } : {}),
    ...(total ? { total: Number(total.count) } : {}),
  };
}

const orders = {
  created: { column: sql`users.id`, descending: false },
  name: { column: sql`lower(users.given_name || ' ' || users.family_name)`, descending: false },
  email: { column: sql`lower(users.email)`, descending: false },
  '-changed': { column: sql`users.updated_at`, descending: true },
} as const;

function castOf(sort: UserSort) {
  return sort === '-changed' ? sql`timestamptz` : sql`text`;
}

function sortValue(user: Selectable<UserTable>, sort: UserSort): string {
  switch (sort) {
    case 'created':
      return user.id;
    case 'name':
      return `${user.given_name} ${user.family_name}`.toLowerCase();
    case 'email':
      return user.email.toLowerCase();
    case '-changed':
      return user.updated_at.toISOString();
  }
}

/** Everybody, or those whom a search finds where they are few enough to be read first and put in order then. */
function candidates(db: Kysely<Schema>, { q, organizationId }: ListUsers): Query {
  const words = wordsOf(q);
  if (!findsFew(words, organizationId)) return db.selectFrom('users');
  // `offset 0` keeps the planner, which cannot know how few a word finds, from going through everybody in order instead.
  const found =
    sql<UserTable>`(select * from users where ${haveWords(searchable, words)} offset 0)`.as<'users'>(
      sql`users`,
    );
  return db.selectFrom(found) as unknown as Query;
}

/** Within a tenant, or where single letters find very many, the list is gone through in its order until a page is full. */
function findsFew(words: readonly string[], organizationId: string | undefined): boolean {
  return organizationId === undefined && words.some((word) => word.length > 1);
}

function narrow(base: Query, list: ListUsers): Query {
  const { organizationId, email, q, state, role, without } = list;
  let query = leaveOut(base, without ?? {}, organizationId);
  if (email !== undefined) query = query.where(sql<boolean>`lower(users.email) = ${email.toLowerCase()}`);
  const words = wordsOf(q);
  if (words.length > 0 && !findsFew(words, organizationId)) query = query.where(haveWords(searchable, words));
  if (organizationId !== undefined || role !== undefined) {
    query = query.where('users.id', 'in', (sub) => {
      let members = sub.selectFrom('memberships').select('user_id');
      if (organizationId !== undefined) members = members.where('organization_id', '=', organizationId);
      if (role !== undefined) members = members.where('role_key', '=', role);
      return members;
    });
  }
  return state === undefined ? query : query.where(inState(state));
}

function leaveOut(
  base: Query,
  { emails = [], words = [], states = [], roles = [] }: WithoutUsers,
  organizationId: string | undefined,
): Query {
  let query = base;
  for (const email of emails) query = query.where(sql<boolean>`lower(users.email) <> ${email.toLowerCase()}`);
  if (words.length > 0) query = query.where(lackWords(searchable, words));
  for (const state of states) query = query.where(sql<boolean>`(${inState(state)}) is not true`);
  if (roles.length === 0) return query;
  return query.where(({ not, exists, selectFrom }) => {
    const members = selectFrom('memberships')
      .select('user_id')
      .whereRef('memberships.user_id', '=', 'users.id')
      .where('role_key', 'in', roles);
    const there =
      organizationId === undefined ? members : members.where('organization_id', '=', organizationId);
    return not(exists(there));
  });
}

async function complete(database: Database, users: readonly Selectable<UserTable>[]): Promise<UserView[]> {
  if (users.length === 0) return [];
  const runIds = users.map(({ last_run_id }) => last_run_id).filter((id) => id !== null);
  const ids = users.map(({ id }) => id);
  return await database.read(async (db) => {
    const memberships = await db
      .selectFrom('memberships')
      .select(['user_id', 'organization_id', 'role_key', 'home'])
      .where('user_id', 'in', ids)
      .orderBy('home', 'desc')
      .orderBy('organization_id')
      .execute();
    const runs =
      runIds.length === 0
        ? []
        : await db
            .selectFrom('provisioning_runs')
            .select(['id', 'state'])
            .where('id', 'in', runIds)
            .execute();
    const runOf = new Map(runs.map((run) => [run.id, run]));
    const membershipsOf = Map.groupBy(memberships, ({ user_id }) => user_id);
    return users.map((user) => ({
      user,
      memberships: membershipsOf.get(user.id) ?? [],
      lastRun: runOf.get(user.last_run_id ?? ''),
    }));
  });
}
