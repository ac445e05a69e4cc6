import { subjectOf, type UserBody } from '@drawbridge/netbird';
import { hasAdminPower } from '../access/index.ts';
import type { IdpPerson } from '../identity.ts';
import type { Kernel } from '../kernel.ts';
import type { UserRow } from '../store/index.ts';
import { never, time } from './call.ts';

/** Shows users as the API does, with what the identity provider's manager tells about them. */
export class UserView {
  readonly #kernel: Kernel;
  readonly #caller: string;
  /** Whom the manager sees; empty without one, or where it sees nobody. */
  readonly #people: ReadonlyMap<string, IdpPerson>;

  private constructor(kernel: Kernel, caller: string, people: readonly IdpPerson[]) {
    this.#kernel = kernel;
    this.#caller = caller;
    this.#people = new Map(people.map((person) => [person.id, person]));
  }

  static async of(kernel: Kernel, caller: string): Promise<UserView> {
    const { idpManager, identity } = kernel.outside;
    const everybody = identity === 'external' ? await idpManager?.list() : undefined;
    const people = (everybody ?? []).filter(({ id }) => kernel.state.users.has(id));
    return new UserView(kernel, caller, people);
  }

  /** One user. */
  body(user: UserRow): UserBody {
    const person = this.#people.get(user.id);
    if (this.#people.size > 0 && !person) return this.#defaults(user);
    return this.#base(user, {
      email: person?.email ?? user.email,
      name: person?.name ?? user.name,
      is_blocked: user.blocked,
      pending_approval: user.pendingApproval,
      issued: 'api',
      last_login: time(user.lastLogin),
    });
  }

  /** With a manager that sees somebody, whoever it does not see is shown with defaults (management/server/user.go, BuildUserInfosForAccount). */
  #defaults(user: UserRow): UserBody {
    return this.#base(user, {
      email: user.email,
      name: user.isServiceUser ? user.name : '',
      is_blocked: false,
      pending_approval: false,
      issued: '',
      last_login: never,
    });
  }

  #base(
    user: UserRow,
    shown: Pick<UserBody, 'email' | 'name' | 'is_blocked' | 'pending_approval' | 'issued' | 'last_login'>,
  ): UserBody {
    const { connectorId } = subjectOf(user.id);
    return {
      id: user.id,
      role: user.role,
      auto_groups: user.autoGroups,
      status: shown.is_blocked ? 'blocked' : 'active',
      is_current: user.id === this.#caller,
      is_service_user: user.isServiceUser,
      ...shown,
      ...(connectorId === undefined || user.isServiceUser ? {} : { idp_id: connectorId }),
    };
  }

  /** What the caller itself is told, with its permissions. */
  current(user: UserRow): UserBody & { readonly permissions: object } {
    const restricted =
      !hasAdminPower(user) &&
      (user.role === 'user' || user.role === 'billing_admin') &&
      this.#kernel.state.settings.regular_users_view_blocked;
    return { ...this.body(user), permissions: { is_restricted: restricted, modules: {} } };
  }
}
