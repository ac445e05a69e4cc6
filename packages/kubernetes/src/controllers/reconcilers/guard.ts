import { type CallOptions, DrawbridgeError } from '@drawbridge/kit';
import type { Zitadel } from '@drawbridge/zitadel';

/** Why a user is neither deactivated nor deleted. */
export interface Refusal {
  readonly reason: 'OwnAccount' | 'LastOwner';
  readonly note: string;
}

/** Keeps whoever may write objects from taking Zitadel away from its owners, or from the controllers. */
export interface Guard {
  /** Undefined where nothing speaks against it. */
  reasonToKeep(userId: string, call: CallOptions): Promise<Refusal | undefined>;
}

const ownerRole = 'IAM_OWNER';
/** Where the service account may not read administrators, nobody is one as far as it can tell. */
const unreadable = new Set(['zitadel_forbidden', 'membership_missing']);

/** Makes the guard of one instance. */
export function createGuard(zitadel: Pick<Zitadel, 'token' | 'administrators' | 'users'>): Guard {
  const ownersOf = async (call: CallOptions, userId?: string): Promise<ReadonlySet<string>> => {
    const owners = new Set<string>();
    try {
      for await (const { user, instance, roles } of zitadel.administrators.list(
        userId === undefined ? {} : { userId },
        call,
      )) {
        if (instance && roles?.includes(ownerRole) && user.id !== undefined) owners.add(user.id);
      }
    } catch (error) {
      if (!(error instanceof DrawbridgeError) || !unreadable.has(error.code)) throw error;
    }
    return owners;
  };
  return {
    async reasonToKeep(userId, call) {
      if ((await zitadel.token.userId()) === userId) {
        return { reason: 'OwnAccount', note: 'This is the service account of the controllers themselves.' };
      }
      if (!(await ownersOf(call, userId)).has(userId)) return undefined;
      for (const other of await ownersOf(call)) {
        // A machine lets no person in again.
        if (other !== userId && (await isActivePerson(zitadel, other, call))) return undefined;
      }
      return { reason: 'LastOwner', note: 'This is the last active person who owns the Zitadel instance.' };
    },
  };
}

async function isActivePerson(
  zitadel: Pick<Zitadel, 'users'>,
  userId: string,
  call: CallOptions,
): Promise<boolean> {
  const user = await zitadel.users.find(userId, call);
  return user?.human !== undefined && user.state === 'USER_STATE_ACTIVE';
}
