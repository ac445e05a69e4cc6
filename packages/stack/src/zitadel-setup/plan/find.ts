import type { FoundApplication, FoundUser } from '@drawbridge/zitadel';
import type { Ledger } from '../ledger.ts';
import { accountId, applicationId, keyOf, usernameOf } from '../names.ts';
import type { WishedAccount } from '../wish/index.ts';

/** The user of a wished account: by the ledger, else by its own id, else by its user name. */
export function findAccount(
  users: readonly FoundUser[],
  { ledger, owner }: { readonly ledger: Ledger; readonly owner: string },
  name: string,
  wished: WishedAccount,
): FoundUser | undefined {
  const entry = ledger.get(keyOf.account(name));
  const id = entry?.id ?? accountId(owner, name);
  const known = users.find(({ userId }) => userId === id);
  if (known || entry) return known;
  const username = usernameOf(owner, name, wished).toLowerCase();
  return users.find((user) => user.username?.toLowerCase() === username);
}

/** A wished application: by the ledger, else by its own id or its name in the project. */
export function findApplication(
  applications: readonly FoundApplication[],
  ledger: Ledger,
  project: string,
  name: string,
  title: string,
): FoundApplication | undefined {
  const entry = ledger.get(keyOf.application(project, name));
  const id = entry?.id ?? applicationId(project, name);
  const known = applications.find((one) => one.applicationId === id);
  if (known || entry) return known;
  return applications.find((one) => one.name.toLowerCase() === title.toLowerCase());
}
