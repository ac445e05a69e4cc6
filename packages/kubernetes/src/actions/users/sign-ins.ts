import {
  type EventsDatabase,
  eventsTables,
  type IdentitySignIn,
  identitySignIns,
  providerOfSignIn,
  type ZitadelEvent,
} from '@drawbridge/events';

/** A sign-in, and the identity provider it went through where that is known. */
export interface FoundSignIn extends IdentitySignIn {
  readonly idpId: string | undefined;
}

/** Asks the inbox for sign-ins: what is the newest is decided there, and not by the order in which events come. */
export interface SignIns {
  /** A user's newest. */
  newest(userId: string): Promise<FoundSignIn | undefined>;
  /** Whose a sign-in is: undefined where it is nobody's yet, as before the registration that it begins. */
  userOf(event: ZitadelEvent): Promise<string | undefined>;
}

/** Sign-ins of one instance. */
export function createSignIns<S>(database: EventsDatabase<S>, instance: string): SignIns {
  const withProvider = async (found: IdentitySignIn): Promise<FoundSignIn> => ({
    ...found,
    idpId: await database.read((db) => providerOfSignIn(db, instance, found.intentId)),
  });

  /** Sign-ins before the account was linked: those that led to the link. */
  const beforeLink = async (userId: string): Promise<readonly FoundSignIn[]> => {
    const links = await linksOf(userId);
    const found = await Promise.all(
      links.map(async ({ accountId, idpId }) => {
        const all = await database.read((db) => identitySignIns(db, instance, { accountId }));
        const known = await Promise.all(all.map(withProvider));
        return known.filter((one) => one.idpId === idpId);
      }),
    );
    return found.flat();
  };

  const linksOf = async (userId: string) => {
    const rows = await database.read((db) =>
      eventsTables(db)
        .selectFrom('events_inbox')
        .select('payload')
        .where('instance', '=', instance)
        .where('aggregate_type', '=', 'user')
        .where('aggregate_id', '=', userId)
        .where('event_type', '=', 'user.human.externalidp.added')
        .execute(),
    );
    return rows.flatMap(({ payload }) => {
      const [accountId, idpId] = [payload?.userId, payload?.idpConfigId];
      return typeof accountId === 'string' && typeof idpId === 'string' ? [{ accountId, idpId }] : [];
    });
  };

  /** Who has linked an account since. */
  const linkedTo = async (accountId: string, idpId: string): Promise<string | undefined> => {
    const row = await database.read((db) =>
      eventsTables(db)
        .selectFrom('events_inbox')
        .select('aggregate_id')
        .where('instance', '=', instance)
        .where('event_type', '=', 'user.human.externalidp.added')
        .where((column) => column(column.ref('payload', '->>').key('userId'), '=', accountId))
        .where((column) => column(column.ref('payload', '->>').key('idpConfigId'), '=', idpId))
        .orderBy('position', 'desc')
        .executeTakeFirst(),
    );
    return row?.aggregate_id;
  };

  return {
    async newest(userId) {
      const [own] = await database.read((db) => identitySignIns(db, instance, { userId }));
      const candidates = [...(own ? [await withProvider(own)] : []), ...(await beforeLink(userId))];
      return candidates.reduce<FoundSignIn | undefined>(
        (newest, one) => (newest && newest.at >= one.at ? newest : one),
        undefined,
      );
    },
    async userOf({ aggregateId, payload }) {
      const userId = payload?.userId;
      if (typeof userId === 'string' && userId !== '') return userId;
      const accountId = payload?.idpUserId;
      const idpId = await database.read((db) => providerOfSignIn(db, instance, aggregateId));
      return typeof accountId === 'string' && idpId !== undefined
        ? await linkedTo(accountId, idpId)
        : undefined;
    },
  };
}
