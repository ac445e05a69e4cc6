import { DrawbridgeError, Secret } from '@drawbridge/kit';
import { netbirdIdsOf } from '../identity/index.ts';
import type { CallOptions, Transport } from '../transport/index.ts';
import { NetbirdError } from '../transport/index.ts';
import type { CreateUserBody, NetbirdRole, UserBody } from '../wire/index.ts';
import { isMissing, readList, readObject, segment } from './reading.ts';
import { type NetbirdUser, readUser, toUser, userShape } from './user.ts';
import { createUserChanges, type UserChanges } from './user-changes.ts';

/** Which users to list. Default: all. */
export interface UserFilter {
  /** True: service users alone; false: people alone. */
  readonly serviceUsers?: boolean;
}

/** A user to be. NetBird makes people in its identity provider too, and only such as that one does not have. */
export type NewUser = {
  readonly role: Exclude<NetbirdRole, 'owner'>;
  /** Ids of groups. NetBird takes unknown ones here, and refuses every later change because of them. */
  readonly autoGroups?: readonly string[];
} & (
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'person'; readonly name: string; readonly email: string }
);

/** What came of creating a user. */
export interface CreatedUser {
  readonly user: NetbirdUser;
  /** Only from the embedded identity provider, and only this once. */
  readonly password?: Secret;
}

/** NetBird's users. Every method throws what {@link Transport.call} throws; the codes named are those to expect. */
export interface Users extends UserChanges {
  /**
   * All users of the account. NetBird has no pages here, and hides service users that its operator protected.
   *
   * @throws {DrawbridgeError} `netbird_forbidden` where the token belongs to a user who sees nobody but itself
   */
  list(filter?: UserFilter, options?: CallOptions): Promise<readonly NetbirdUser[]>;
  /** One user, out of the list: NetBird has no call for one. */
  find(id: string, options?: CallOptions): Promise<NetbirdUser | undefined>;
  /**
   * The user who stands for a Zitadel user, whichever form its id has; undefined until that person signed in to NetBird once.
   * Without `connectorIds` in the client's options any connector is taken for Zitadel's.
   *
   * @throws {DrawbridgeError} `conflict` where several users stand for it: name the connectors then
   */
  findBySubject(zitadelUserId: string, options?: CallOptions): Promise<NetbirdUser | undefined>;
  /**
   * Creates a user. A repeat makes a second service user; a person exists once.
   *
   * @throws {DrawbridgeError} `user_exists_in_idp` for a person whom NetBird or its identity provider has,
   * `netbird_precondition` where NetBird has no identity provider manager, `netbird_invalid_argument`
   */
  create(user: NewUser, options?: CallOptions): Promise<CreatedUser>;
  /**
   * Sends a person's invitation again. With Zitadel behind NetBird this is refused for practically everybody.
   *
   * @throws {DrawbridgeError} `netbird_precondition`, `netbird_not_found`
   */
  invite(id: string, options?: CallOptions): Promise<void>;
  /**
   * Removes a user with its devices and tokens. One who is not there is fine. Who may still sign in at the identity provider
   * comes back at the next sign-in: block them there first.
   *
   * @throws {DrawbridgeError} `netbird_forbidden` for the owner, `netbird_invalid_argument` for the caller itself
   */
  remove(id: string, options?: CallOptions): Promise<void>;
}

/** Options of {@link createUsers}. */
export interface UsersOptions {
  /** Connectors of the embedded identity provider that lead to our Zitadel. Default: any. */
  readonly connectorIds?: readonly string[];
}

/** The users of a NetBird, over its transport. */
export function createUsers(transport: Transport, { connectorIds }: UsersOptions = {}): Users {
  const listAll = async (options?: CallOptions): Promise<readonly NetbirdUser[]> => {
    const answer = await transport.call('GET', '/api/users', undefined, options);
    const users = readList<UserBody>(answer, 'a user', userShape).map(toUser);
    requireSight(users, transport.url);
    return users;
  };
  const find = async (id: string, options?: CallOptions) =>
    (await listAll(options)).find((user) => user.id === id);

  return {
    ...createUserChanges(transport, find),
    find,

    async list({ serviceUsers } = {}, options) {
      // Filtered here: NetBird's own filter would hide from us whether the caller sees anybody but itself.
      const users = await listAll(options);
      return serviceUsers === undefined
        ? users
        : users.filter(({ isServiceUser }) => isServiceUser === serviceUsers);
    },

    async findBySubject(zitadelUserId, options) {
      const ids = connectorIds && netbirdIdsOf(zitadelUserId, connectorIds);
      const [first, ...more] = (await listAll(options)).filter(
        (user) =>
          !user.isServiceUser && (ids ? ids.includes(user.id) : user.subject.subject === zitadelUserId),
      );
      if (more.length === 0) return first;
      throw new DrawbridgeError('conflict', {
        message: 'Several users of NetBird stand for this Zitadel user.',
        saw: [first, ...more].map((user) => user?.id).join(', '),
        fix: "Name the connectors of NetBird's identity provider that lead to this Zitadel, or remove the users that are not used.",
      });
    },

    async create(user, options) {
      const body: CreateUserBody = {
        role: user.role,
        auto_groups: user.autoGroups ?? [],
        is_service_user: user.kind === 'service',
        name: user.name,
        ...(user.kind === 'person' ? { email: user.email } : {}),
      };
      const answer = await transport.call('POST', '/api/users', body, options);
      const { password } = readObject<UserBody>(answer, 'a user', userShape);
      return { user: readUser(answer), ...(password ? { password: new Secret(password) } : {}) };
    },

    async invite(id, options) {
      await transport.call('POST', `/api/users/${segment(id)}/invite`, undefined, options);
    },

    async remove(id, options) {
      try {
        await transport.call('DELETE', `/api/users/${segment(id)}`, undefined, options);
      } catch (error) {
        if (!isMissing(error, `user: ${id} not found`)) throw error;
      }
    },
  };
}

/** A person without a role is shown only itself; nothing may be concluded from such a list. */
function requireSight(users: readonly NetbirdUser[], where: string): void {
  const self = users.find(({ isCurrent }) => isCurrent);
  if (!self || self.isServiceUser || (self.role !== 'user' && self.role !== 'billing_admin')) return;
  throw new NetbirdError('netbird_forbidden', {
    message: 'NetBird shows the holder of this token nobody but itself.',
    where,
    saw: `role ${self.role}`,
  });
}
