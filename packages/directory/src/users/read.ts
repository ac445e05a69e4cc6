import type { Selectable } from 'kysely';
import {
  type Database,
  type MembershipTable,
  translateDatabaseError,
  type UserTable,
} from '../database/index.ts';

/** A user with where they belong. */
export interface UserView {
  readonly user: Selectable<UserTable>;
  readonly memberships: readonly Pick<Selectable<MembershipTable>, 'organization_id' | 'role_key' | 'home'>[];
}

export interface UserPage {
  readonly items: readonly UserView[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string;
}

/** One user, if there is one. */
export async function getUser(database: Database, id: string): Promise<UserView | undefined> {
  const [view] = await views(database, (query) => query.where('users.id', '=', id).limit(1));
  return view;
}

export interface ListUsers {
  readonly organizationId?: string;
  readonly email?: string;
  /** Id behind which the page begins. */
  readonly after?: string;
  readonly limit: number;
}

/** Users by id, page by page: a page begins behind an id, so that rows that come and go shift nothing. */
export async function listUsers(database: Database, list: ListUsers): Promise<UserPage> {
  const { organizationId, email, after, limit } = list;
  const items = await views(database, (query) => {
    let narrowed = query.orderBy('users.id').limit(limit + 1);
    if (after !== undefined) narrowed = narrowed.where('users.id', '>', after);
    if (email !== undefined)
      narrowed = narrowed.where((or) => or(or.fn('lower', ['users.email']), '=', email.toLowerCase()));
    if (organizationId !== undefined) {
      narrowed = narrowed.where('users.id', 'in', (sub) =>
        sub.selectFrom('memberships').select('user_id').where('organization_id', '=', organizationId),
      );
    }
    return narrowed;
  });
  const last = items[limit - 1];
  return items.length > limit && last ? { items: items.slice(0, limit), next: last.user.id } : { items };
}

type UserQuery = ReturnType<typeof selectUsers>;

function selectUsers(db: Database['db']) {
  return db.selectFrom('users').selectAll('users');
}

async function views(database: Database, narrow: (query: UserQuery) => UserQuery): Promise<UserView[]> {
  try {
    const users = await narrow(selectUsers(database.db)).execute();
    if (users.length === 0) return [];
    const memberships = await database.db
      .selectFrom('memberships')
      .select(['user_id', 'organization_id', 'role_key', 'home'])
      .where(
        'user_id',
        'in',
        users.map(({ id }) => id),
      )
      .orderBy('organization_id')
      .execute();
    return users.map((user) => ({
      user,
      memberships: memberships.filter(({ user_id }) => user_id === user.id),
    }));
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
