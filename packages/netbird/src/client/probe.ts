import type { Account, Groups, NetbirdAccount, Users } from '../services/index.ts';
import type { CallOptions } from '../transport/index.ts';
import type { NetbirdRole } from '../wire/index.ts';

/** What a probe found out. That there is one says that NetBird is reached, and takes the token. */
export interface NetbirdProbe {
  /** Role of the token's user; absent where NetBird hides that user from lists. */
  readonly role?: NetbirdRole;
  /** Whether users, groups and tokens of service users can be changed with it; undefined where the role is not known. */
  readonly mayManageUsers: boolean | undefined;
  readonly account: NetbirdAccount;
}

/** Reads what a health check needs. `/api/users/current` is no use: it refuses service users. */
export async function probe(
  parts: { readonly groups: Groups; readonly users: Users; readonly account: Account },
  options?: CallOptions,
): Promise<NetbirdProbe> {
  await parts.groups.list(options);
  const self = (await parts.users.list({}, options)).find(({ isCurrent }) => isCurrent);
  const account = await parts.account.get(options);
  return {
    mayManageUsers: self && (self.role === 'admin' || self.role === 'owner'),
    account,
    ...(self ? { role: self.role } : {}),
  };
}
