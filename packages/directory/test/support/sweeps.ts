import { type Directory, putMember } from '@drawbridge/directory';
import { call, type World } from './world.ts';

/** A person who has long been in Zitadel and here. */
export interface Person {
  readonly id: string;
  readonly zitadelUserId: string;
}

export const yesterday = () => new Date(Date.now() - 86_400_000);

/** Puts people into Zitadel and the directory, as if they had always been there. */
export async function addPeople(
  world: World,
  directory: Pick<Directory, 'database'>,
  slug: string,
  names: readonly string[],
  role = 'user',
): Promise<Person[]> {
  const { database } = directory;
  const organization = await database.db
    .selectFrom('organizations')
    .selectAll()
    .where('slug', '=', slug)
    .executeTakeFirstOrThrow();
  const people: Person[] = [];
  for (const name of names) {
    const zitadelUserId = `${slug}-${name}`;
    await world.zitadel.users.create({
      organizationId: organization.zitadel_org_id ?? '',
      userId: zitadelUserId,
      username: `${zitadelUserId}@x.example`,
      human: {
        profile: { givenName: name, familyName: slug },
        email: { email: `${zitadelUserId}@x.example`, isVerified: true },
      },
    });
    await database.transaction((trx) =>
      putMember(trx, {
        organizationId: organization.id,
        integrationId: organization.integration_id,
        zitadelUserId,
        email: `${zitadelUserId}@x.example`,
        givenName: name,
        familyName: slug,
        role,
        actor: 'test',
        at: yesterday(),
      }),
    );
    const { id } = await database.db
      .selectFrom('users')
      .select('id')
      .where('zitadel_user_id', '=', zitadelUserId)
      .executeTakeFirstOrThrow();
    people.push({ id, zitadelUserId });
  }
  return people;
}

/** Names in a row: `p0` and on. */
export const named = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

export interface SweepBody {
  readonly id: string;
  readonly state: string;
  readonly code: string | null;
  readonly reason: string | null;
  readonly canary: string | null;
  readonly usersRead: number;
  readonly activated: number;
  readonly deactivated: number;
  readonly corrected: number;
  readonly skipped: number;
  readonly held: number;
  readonly brakeLimit: number | null;
  readonly decidedBy: string | null;
  readonly organizations: readonly {
    readonly slug: string;
    readonly wouldGo: number;
    readonly says: string;
  }[];
}

export interface ItemBody {
  readonly userId: string;
  readonly kind: string;
  readonly state: string;
  readonly was: string;
  readonly says: string;
  readonly detail: string | null;
}

/** Asks for a sweep and waits until it is over. */
export async function swept(directory: Directory, organization?: string): Promise<SweepBody> {
  const body = organization === undefined ? {} : { organization };
  const answer = await call(directory, 'root', 'POST', '/api/zitadel/users/sync-status', body);
  if (answer.status !== 202) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return await sweepUntil(directory, answer.body.id as string, ({ state }) => state !== 'running');
}

/** Waits until a sweep is as wanted, by its row: the API would limit so many reads. */
export async function sweepUntil(
  directory: Directory,
  id: string,
  wanted: (sweep: Pick<SweepBody, 'state' | 'held'>) => boolean,
): Promise<SweepBody> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const row = await directory.database.db
      .selectFrom('sweeps')
      .select(['state', 'held', 'reason'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    if (wanted(row)) break;
    if (Date.now() > deadline) throw new Error(`sweep ${id} is ${JSON.stringify(row)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { body } = await call(directory, 'root', 'GET', `/api/sweeps/${id}`);
  return body as unknown as SweepBody;
}

/** What a sweep found. */
export async function itemsOf(directory: Directory, id: string): Promise<readonly ItemBody[]> {
  const { body } = await call(directory, 'root', 'GET', `/api/sweeps/${id}/items?limit=1000`);
  return body.items as readonly ItemBody[];
}

/** Who of some people is active here. */
export async function activeOf(directory: Directory, people: readonly Person[]): Promise<readonly boolean[]> {
  const rows = await directory.database.db
    .selectFrom('users')
    .select(['id', 'active'])
    .where(
      'id',
      'in',
      people.map(({ id }) => id),
    )
    .execute();
  const active = new Map(rows.map((row) => [row.id, row.active]));
  return people.map(({ id }) => active.get(id) ?? false);
}
