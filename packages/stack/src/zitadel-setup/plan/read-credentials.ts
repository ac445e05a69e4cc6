import type { FoundUser, Zitadel } from '@drawbridge/zitadel';
import { type CredentialFolder, credentialFile, keyIdOf } from '../credential-folder.ts';
import type { Ledger } from '../ledger.ts';
import { keyOf } from '../names.ts';
import type { ZitadelWish } from '../wish/index.ts';
import { findAccount, findApplication } from './find.ts';
import { known } from './known.ts';
import type { ReadOptions, ReadProject } from './reading.ts';

/** A key that Zitadel lists. */
export interface ListedKey {
  readonly id: string;
  readonly createdAt: Date | undefined;
  readonly expiresAt: Date | undefined;
}

/** What there is of the credential of one account or application. */
export interface ReadCredential {
  readonly listed: readonly ListedKey[];
  /** What the folder has: the id of a key, or that there is a secret. */
  readonly file: { readonly keyId: string | undefined } | undefined;
}

/** Reads the keys of all accounts and applications that were found, and what the folder has of them; by their key in the ledger. */
export async function readCredentials(
  zitadel: Zitadel,
  {
    wish,
    ledger,
    credentials,
  }: { readonly wish: ZitadelWish; readonly ledger: Ledger; readonly credentials: CredentialFolder },
  found: { readonly projects: ReadonlyMap<string, ReadProject>; readonly users: readonly FoundUser[] },
  options: ReadOptions,
): Promise<ReadonlyMap<string, ReadCredential>> {
  const { call } = options;
  const complete = (holder: string, read: () => Promise<ListedKey[]>) => {
    const id = ledger.get(keyOf.credential(holder))?.id;
    return known(read, (keys) => id === undefined || keys.some((key) => key.id === id), options);
  };
  const fileOf = async (holder: string, kind: 'key' | 'secret') => {
    const content = await credentials.read(credentialFile(holder, kind));
    return content && { keyId: keyIdOf(content) };
  };
  const accounts = Object.entries(wish.accounts).flatMap(([name, wished]) => {
    const user = findAccount(found.users, { ledger, owner: wish.owner }, name, wished);
    return wished.key && user?.machine ? [{ holder: keyOf.account(name), userId: user.userId }] : [];
  });
  const applications = Object.entries(wish.projects).flatMap(([project, one]) =>
    Object.entries(one.applications).flatMap(([name, wished]) => {
      const holder = keyOf.application(project, name);
      const applications = found.projects.get(project)?.applications ?? [];
      const application = findApplication(applications, ledger, project, name, wished.name);
      if (!application || (wished.kind === 'web' && !wished.secret) || wished.kind === 'device') return [];
      return [
        { holder, id: application.applicationId, kind: wished.kind === 'api' ? 'key' : 'secret' } as const,
      ];
    }),
  );
  const read = await Promise.all([
    ...accounts.map(async ({ holder, userId }) => {
      const keys = () => zitadel.users.listKeys({ userId }, call).all();
      const listed = await complete(holder, async () => (await keys()).map((key) => listedKey(key.id, key)));
      return [holder, { listed, file: await fileOf(holder, 'key') }] as const;
    }),
    ...applications.map(async ({ holder, id, kind }) => {
      const keys = () => zitadel.applications.listKeys(id, call).all();
      const listed =
        kind === 'secret'
          ? []
          : await complete(holder, async () => (await keys()).map((key) => listedKey(key.keyId, key)));
      return [holder, { listed, file: await fileOf(holder, kind) }] as const;
    }),
  ]);
  return new Map(read);
}

function listedKey(
  id: string,
  { creationDate, expirationDate }: { readonly creationDate?: string; readonly expirationDate?: string },
): ListedKey {
  return {
    id,
    createdAt: creationDate === undefined ? undefined : new Date(creationDate),
    expiresAt: expirationDate === undefined ? undefined : new Date(expirationDate),
  };
}
