import type { Clock } from '@drawbridge/kit';
import {
  type FoundKey,
  type FoundUser,
  hasId,
  type UserSearchQuery,
  type Zitadel,
  ZitadelError,
} from '@drawbridge/zitadel';
import type { AccountKey } from './key-object.ts';
import { type KeyRecord, readRecords, recordKey, writeRecord } from './key-record.ts';
import { compareMoments, compareTexts } from './moments.ts';
import { Tombstones } from './tombstones.ts';

/** Where keys are looked for. */
export interface KeyPlace {
  readonly organizationId: string;
  /** Of this service account alone. */
  readonly userId?: string;
}

/** A service account. */
export interface Account {
  readonly userId: string;
  readonly username: string;
  readonly organizationId: string;
}

type Instance = Pick<Zitadel, 'users' | 'organizations'>;

/** How long after its creation a key may be absent from Zitadel's lists. */
const lagMs = 60_000;

/**
 * The keys of an organization's service accounts. Zitadel knows keys by their ids; the names that they were made with are in the
 * organization's metadata, so that a list takes the pages of three lists, however many accounts there are.
 */
export class AccountKeys {
  readonly #zitadel: Instance;
  readonly #clock: Clock;
  readonly #gone: Tombstones;

  constructor(zitadel: Instance, clock: Clock) {
    this.#zitadel = zitadel;
    this.#clock = clock;
    this.#gone = new Tombstones(clock, lagMs);
  }

  /** The service account with a user name. A list is asked, so one that was made a moment ago may not be found. */
  async account(
    { organizationId, userId }: KeyPlace,
    username: string,
    signal: AbortSignal,
  ): Promise<Account | undefined> {
    if (userId !== undefined) {
      const own = await this.accountById(userId, signal);
      return own?.username === username ? own : undefined;
    }
    const named = { userNameQuery: { userName: username, method: 'TEXT_QUERY_METHOD_EQUALS' as const } };
    const found = await this.#machines(organizationId, [named], signal);
    return found.find((account) => account.username === username);
  }

  /** The service account with an id; nothing for people and for nobody. */
  async accountById(userId: string, signal: AbortSignal): Promise<Account | undefined> {
    const user = await this.#zitadel.users.get(userId, { signal }).catch((error: unknown) => {
      if (isAbsence(error)) return undefined;
      throw error;
    });
    return user?.machine ? accountOf(user) : undefined;
  }

  /** Keys in the order of their creation, those of one account alone where it is named. */
  async list(
    place: KeyPlace,
    username: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly AccountKey[]> {
    const accounts = await this.#accountsOf(place, username, signal);
    const [only] = accounts;
    if (only === undefined) return [];
    const of = accounts.length === 1 ? { userId: only.userId } : { organizationId: place.organizationId };
    const [records, keys] = await Promise.all([
      this.#records(place, signal),
      this.#zitadel.users.listKeys(of, { signal }).all(),
    ]);
    const byId = new Map(accounts.map((account) => [account.userId, account]));
    const named = new Map([...records].map(([name, record]) => [record.keyId, { name, record }]));
    const found = keys.flatMap((key) => {
      const account = byId.get(key.userId ?? '');
      return account && !this.#gone.has(key.id) ? [joined(key, account, named.get(key.id))] : [];
    });
    const listed = new Set(keys.map(({ id }) => id));
    const fresh = [...named.values()].flatMap(({ name, record }) => {
      const account = byId.get(record.userId);
      return account && !listed.has(record.keyId) && this.#isFresh(record)
        ? [remembered(name, record, account)]
        : [];
    });
    return [...found, ...fresh].sort(
      (a, b) => compareMoments(a.createdAt, b.createdAt) || compareTexts(a.name, b.name),
    );
  }

  /** The key of a name. */
  async find(place: KeyPlace, name: string, signal: AbortSignal): Promise<AccountKey | undefined> {
    const records = await this.#records(place, signal);
    const record = records.get(name);
    // A key that has a name is not known by its id.
    if (record === undefined && [...records.values()].some(({ keyId }) => keyId === name)) return undefined;
    const keyId = record?.keyId ?? name;
    if (this.#gone.has(keyId) || keyId.length > 200) return undefined;
    const [key] = await this.#zitadel.users
      .listKeys({ filters: [{ keyIdFilter: { id: keyId } }] }, { signal })
      .all();
    const userId = key?.userId ?? (record && this.#isFresh(record) ? record.userId : undefined);
    if (userId === undefined || (place.userId ?? userId) !== userId) return undefined;
    const account = await this.accountById(userId, signal);
    if (account?.organizationId !== place.organizationId) return undefined;
    if (key) return joined(key, account, record && { name, record });
    return record && remembered(name, record, account);
  }

  /** Gives a key its name. */
  async remember(
    { organizationId }: KeyPlace,
    name: string,
    record: KeyRecord,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#zitadel.organizations.setMetadata(
      organizationId,
      { [recordKey(name)]: writeRecord(record) },
      { signal },
    );
  }

  /** Takes a key away, and its name. */
  async remove(
    { organizationId }: KeyPlace,
    { name, keyId, userId }: AccountKey,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#zitadel.users.removeKey(userId, keyId, { signal });
    this.#gone.add(keyId);
    if (name === keyId) return;
    try {
      await this.#zitadel.organizations.removeMetadata(organizationId, [recordKey(name)], { signal });
    } catch (error) {
      // The key is gone, which is what was wanted; a name without a key is none.
      if (!isAbsence(error)) throw error;
    }
  }

  #isFresh({ keyId, createdAt }: KeyRecord): boolean {
    return Date.parse(createdAt) + lagMs > this.#clock.now() && !this.#gone.has(keyId);
  }

  async #accountsOf({ organizationId, userId }: KeyPlace, username: string | undefined, signal: AbortSignal) {
    if (userId !== undefined) {
      const own = await this.accountById(userId, signal);
      return own && (username === undefined || own.username === username) ? [own] : [];
    }
    if (username === undefined) return await this.#machines(organizationId, [], signal);
    const named = await this.account({ organizationId }, username, signal);
    return named ? [named] : [];
  }

  async #machines(organizationId: string, more: readonly UserSearchQuery[], signal: AbortSignal) {
    const queries: UserSearchQuery[] = [{ typeQuery: { type: 'TYPE_MACHINE' } }, ...more];
    const users = await this.#zitadel.users.list({ organizationId, queries }, { signal }).all();
    return users.filter(({ machine }) => machine !== undefined).map(accountOf);
  }

  async #records({ organizationId }: KeyPlace, signal: AbortSignal): Promise<ReadonlyMap<string, KeyRecord>> {
    try {
      return readRecords(await this.#zitadel.organizations.metadata(organizationId, { signal }));
    } catch (error) {
      // An organization that there is not, as of a project that is new, has no names in it.
      if (isAbsence(error)) return new Map();
      throw error;
    }
  }
}

function accountOf({ userId, username = '', organizationId }: FoundUser): Account {
  return { userId, username, organizationId };
}

function joined(
  key: FoundKey,
  account: Account,
  named: { readonly name: string; readonly record: KeyRecord } | undefined,
): AccountKey {
  return {
    name: named?.name ?? key.id,
    keyId: key.id,
    userId: account.userId,
    account: account.username,
    createdAt: key.creationDate ?? named?.record.createdAt ?? '',
    expiresAt: key.expirationDate ?? named?.record.expiresAt,
    labels: named?.record.labels ?? {},
    annotations: named?.record.annotations ?? {},
    publicKey: named?.record.publicKey,
  };
}

function remembered(name: string, record: KeyRecord, account: Account): AccountKey {
  return { name, account: account.username, ...record, publicKey: record.publicKey };
}

function isAbsence(error: unknown): boolean {
  return error instanceof ZitadelError && error.code === 'zitadel_not_found' && !hasId(error, 'AUTHZ-cdgFk');
}
