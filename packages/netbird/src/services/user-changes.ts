import type { CallOptions, Transport } from '../transport/index.ts';
import { NetbirdError } from '../transport/index.ts';
import type { NetbirdRole, ReplaceUserBody } from '../wire/index.ts';
import { segment } from './reading.ts';
import { type NetbirdUser, readUser } from './user.ts';

/** Everything about a user that can be changed. NetBird replaces all of it at once. */
export interface UserSettings {
  /** `owner` moves the ownership: whoever has it becomes an admin. */
  readonly role: NetbirdRole;
  /** Ids of groups. They have to exist, and none may be the group All. */
  readonly autoGroups: readonly string[];
  readonly blocked: boolean;
}

/** What a change came to. */
export interface ChangedUser {
  readonly user: NetbirdUser;
  /** False where the user was like that already and nothing was sent. */
  readonly changed: boolean;
  /** False where NetBird hides whether the user is blocked, so that only role and groups could be read back. */
  readonly proved: boolean;
}

/** Changes of NetBird's users. Every method throws what the transport throws; the codes named are those to expect. */
export interface UserChanges {
  /**
   * Replaces all settings, then reads them back: what NetBird answers to the change itself may be defaults.
   *
   * @throws {DrawbridgeError} `netbird_not_found`, `netbird_not_applied`, `netbird_invalid_argument` for unknown groups,
   * `netbird_forbidden` for the owner, for the caller itself, and where the token's role does not suffice
   */
  update(id: string, settings: UserSettings, options?: CallOptions): Promise<ChangedUser>;
  /**
   * Changes what is named and keeps the rest, as it is read just before. Two changes of one user at the same time may undo
   * each other: NetBird has nothing to prevent that.
   *
   * @throws {DrawbridgeError} `netbird_state_hidden` where `blocked` would have to be kept, but NetBird hides it
   */
  change(id: string, settings: Partial<UserSettings>, options?: CallOptions): Promise<ChangedUser>;
  /**
   * Keeps the user out, and makes its devices sign in anew, which it cannot. A device that it adds while blocked is listed as if
   * nothing were wrong, but gets nothing from the network: keep who leaves out of the identity provider too.
   */
  block(id: string, options?: CallOptions): Promise<ChangedUser>;
  /**
   * Lets the user in again. Its devices stay out until it signs in on them. Somebody who waits for approval gets in by this too,
   * but NetBird goes on showing that they wait, and takes no new device of theirs: use {@link UserChanges.approve} for them.
   */
  unblock(id: string, options?: CallOptions): Promise<ChangedUser>;
  /**
   * Lets in somebody who signed in for the first time and waits for it. NetBird's own default for new accounts is to let
   * them wait.
   *
   * @throws {DrawbridgeError} `netbird_invalid_argument` for one who does not wait, `netbird_not_found`
   */
  approve(id: string, options?: CallOptions): Promise<NetbirdUser>;
}

/** Changes of users, over the transport; `find` reads one user afresh. */
export function createUserChanges(
  transport: Transport,
  find: (id: string, options?: CallOptions) => Promise<NetbirdUser | undefined>,
): UserChanges {
  const replace = async (id: string, settings: UserSettings, options?: CallOptions): Promise<ChangedUser> => {
    const body: ReplaceUserBody = {
      role: settings.role,
      auto_groups: settings.autoGroups,
      is_blocked: settings.blocked,
    };
    await transport.call('PUT', `/api/users/${segment(id)}`, body, options);
    const user = await find(id, options);
    if (!user || !isLike(user, settings)) {
      throw new NetbirdError('netbird_not_applied', {
        where: `${transport.url}/api/users`,
        saw: user ? `role ${user.role}, ${user.autoGroups.length} groups` : 'no such user',
      });
    }
    return { user, changed: true, proved: user.blocked !== undefined };
  };

  const change = async (
    id: string,
    settings: Partial<UserSettings>,
    options?: CallOptions,
  ): Promise<ChangedUser> => {
    const user = await find(id, options);
    if (!user) throw new NetbirdError('netbird_not_found', { where: `${transport.url}/api/users`, saw: id });
    const blocked = settings.blocked ?? user.blocked;
    if (blocked === undefined) throw new NetbirdError('netbird_state_hidden', { saw: id });
    const wanted: UserSettings = {
      role: settings.role ?? user.role,
      autoGroups: settings.autoGroups ?? user.autoGroups,
      blocked,
    };
    if (user.blocked !== undefined && isLike(user, wanted)) return { user, changed: false, proved: true };
    return await replace(id, wanted, options);
  };

  return {
    update: replace,
    change,
    block: (id, options) => change(id, { blocked: true }, options),
    unblock: (id, options) => change(id, { blocked: false }, options),
    approve: async (id, options) =>
      readUser(await transport.call('POST', `/api/users/${segment(id)}/approve`, undefined, options)),
  };
}

function isLike(user: NetbirdUser, { role, autoGroups, blocked }: UserSettings): boolean {
  const groups = new Set(user.autoGroups);
  return (
    user.role === role.toLowerCase() &&
    (user.blocked ?? blocked) === blocked &&
    groups.size === new Set(autoGroups).size &&
    autoGroups.every((group) => groups.has(group))
  );
}
