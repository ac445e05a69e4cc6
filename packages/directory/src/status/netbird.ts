import { DrawbridgeError } from '@drawbridge/kit';
import type { Netbird, NetbirdGroup, NetbirdUser } from '@drawbridge/netbird';
import type { Selectable } from 'kysely';
import type { NetbirdState, OrganizationTable } from '../database/index.ts';
import type { SyncParts } from './parts.ts';

/** A NetBird as it was listed once. */
export interface ListedNetbird {
  readonly client: Netbird;
  /** People by the Zitadel user they stand for; nothing for one whom several stand for. */
  readonly people: ReadonlyMap<string, NetbirdUser | 'several'>;
  readonly groups: readonly NetbirdGroup[];
}

type Place = Pick<Selectable<OrganizationTable>, 'netbird_integration_id'>;

/** Lists each NetBird once, however many organizations and users are looked up. */
export class NetbirdLists {
  readonly #integrations: SyncParts['integrations'];
  readonly #signal: AbortSignal;
  readonly #listed = new Map<string, Promise<ListedNetbird | undefined>>();

  constructor(integrations: SyncParts['integrations'], signal: AbortSignal) {
    this.#integrations = integrations;
    this.#signal = signal;
  }

  /** @returns nothing where the organization has no NetBird @throws {DrawbridgeError} what calls to NetBird throw */
  async of(organization: Place): Promise<ListedNetbird | undefined> {
    const id = organization.netbird_integration_id;
    if (id === null) return undefined;
    const known = this.#listed.get(id) ?? this.#list(organization);
    this.#listed.set(id, known);
    return await known;
  }

  async #list(organization: Place): Promise<ListedNetbird | undefined> {
    const client = await this.#integrations.netbird(organization);
    if (!client) return undefined;
    const signal = this.#signal;
    const people = new Map<string, NetbirdUser | 'several'>();
    for (const user of await client.users.list({ serviceUsers: false }, { signal })) {
      const { subject } = user.subject;
      people.set(subject, people.has(subject) ? 'several' : user);
    }
    return { client, people, groups: await client.groups.list({ signal }) };
  }
}

/** What NetBird needs to know of a user here. */
export interface NetbirdPerson {
  readonly id: string;
  readonly zitadelUserId: string;
  readonly active: boolean;
  readonly netbirdState: NetbirdState;
}

/**
 * Blocks in NetBird who is inactive here, and lets in again whom the directory had blocked. Whom a person blocked there
 * stays blocked.
 *
 * @returns what was done, in words; nothing where nothing had to be
 * @throws {DrawbridgeError} what calls to NetBird throw
 */
export async function followInNetbird(
  { database, clock }: Pick<SyncParts, 'database' | 'clock'>,
  { client, people }: ListedNetbird,
  person: NetbirdPerson,
  signal: AbortSignal,
): Promise<string | undefined> {
  const user = people.get(person.zitadelUserId);
  if (user === undefined) return undefined;
  if (user === 'several')
    throw new DrawbridgeError('conflict', { message: 'Several users of NetBird stand for this user.' });
  // NetBird may hide who is blocked: then what we did last is believed.
  const blocked = user.blocked ?? person.netbirdState === 'blocked';
  const ours = person.netbirdState === 'blocked';
  if (person.active ? !ours : blocked && ours) return undefined;
  if (person.active && blocked) await client.users.unblock(user.id, { signal });
  if (!person.active && !blocked) await client.users.block(user.id, { signal });
  const state = person.active ? 'active' : 'blocked';
  await database.read((db) =>
    db
      .updateTable('users')
      .set({ netbird_state: state, netbird_user_id: user.id, netbird_seen_at: new Date(clock.now()) })
      .where('id', '=', person.id)
      .where('active', '=', person.active)
      .execute(),
  );
  return person.active ? 'NetBird: let in again' : 'NetBird: blocked';
}
