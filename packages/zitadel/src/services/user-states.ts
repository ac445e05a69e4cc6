import { type CallOptions, hasId, type Transport, ZitadelError } from '../transport/index.ts';
import type { User, UserState } from '../wire/index.ts';
import type { Change } from './reading.ts';

/** Asking for a state a user is in already is success, `{ changed: false }`. */
export interface UserStates {
  /** @throws {DrawbridgeError} `zitadel_precondition` for a user in state INITIAL, which cannot be deactivated */
  deactivate(id: string, options?: CallOptions): Promise<Change>;
  /** @throws {DrawbridgeError} `zitadel_precondition` for a user that is locked: unlock it */
  reactivate(id: string, options?: CallOptions): Promise<Change>;
  /** @throws {DrawbridgeError} `zitadel_precondition` for a user that is inactive */
  lock(id: string, options?: CallOptions): Promise<Change>;
  unlock(id: string, options?: CallOptions): Promise<Change>;
}

const service = 'zitadel.user.v2.UserService';
const inactiveAlready = 'COMMAND-5gunjw0cd7';
const notInactive = 'COMMAND-s5qqcz97hf';
const notLockable = 'COMMAND-lgws8wtsqf';
const notLocked = 'COMMAND-olb9vb0oca';

/** @param get reads the user, where the refusal alone does not say which state it is in */
export function createUserStates(
  transport: Transport,
  get: (id: string, options?: CallOptions) => Promise<User>,
): UserStates {
  const ask = async (
    verb: 'Deactivate' | 'Reactivate' | 'Lock' | 'Unlock',
    id: string,
    options: CallOptions | undefined,
    refusal: string,
    wanted: readonly UserState[],
  ): Promise<Change> => {
    try {
      await transport.call(`${service}/${verb}User`, { userId: id }, options);
      return { changed: true };
    } catch (error) {
      if (!hasId(error, refusal)) throw error;
      // Only the first refusal names the state; the others say what it is not.
      if (refusal === inactiveAlready) return { changed: false };
      const { state } = await get(id, options);
      if (state !== undefined && wanted.includes(state)) return { changed: false };
      throw wrongState(error, verb, state);
    }
  };
  return {
    deactivate: (id, options) => ask('Deactivate', id, options, inactiveAlready, ['USER_STATE_INACTIVE']),
    reactivate: (id, options) => ask('Reactivate', id, options, notInactive, ['USER_STATE_ACTIVE']),
    lock: (id, options) => ask('Lock', id, options, notLockable, ['USER_STATE_LOCKED']),
    unlock: (id, options) =>
      ask('Unlock', id, options, notLocked, [
        'USER_STATE_ACTIVE',
        'USER_STATE_INACTIVE',
        'USER_STATE_INITIAL',
      ]),
  };
}

function wrongState(error: ZitadelError, verb: string, state: UserState | undefined): ZitadelError {
  const named = (state ?? 'unknown').replace('USER_STATE_', '').toLowerCase();
  return new ZitadelError('zitadel_precondition', {
    message: `Zitadel does not ${verb.toLowerCase()} a user whose state is ${named}.`,
    id: error.id,
    grpcCode: error.grpcCode,
    status: error.status,
    cause: error,
  });
}
