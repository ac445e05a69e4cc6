import { type Clock, DrawbridgeError, type Logger, type Secret } from '@drawbridge/kit';
import type { SignIn } from '../sign-in/index.ts';
import type { ActiveRecord, SessionRecord } from './record.ts';
import type { SessionStore } from './store.ts';

/** What the steps of a session work with. */
export interface SessionTools {
  readonly signIn: SignIn;
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pause: (point: 'intent' | 'received' | 'stored') => Promise<void>;
}

/**
 * Refreshes, under the lock. The intent is durable before the refresh token is sent, and the new tokens before the old
 * are gone (S29): a process that is killed in between leaves a record that is known to be in doubt. Whoever finds it tries
 * the same refresh token once more; if the issuer has seen it, the session is ended, and one sign-in is asked for.
 *
 * @returns the session as it is now, renewed or ended
 * @throws {DrawbridgeError} why the issuer was not reached; the session stays as it was
 */
export async function renew(
  record: ActiveRecord,
  refreshToken: Secret<string>,
  { signIn, store, clock, logger, pause }: SessionTools,
): Promise<SessionRecord> {
  await store.write({ ...record, refreshing: clock.now() });
  await pause('intent');
  try {
    const refreshed = await signIn.refresh(refreshToken, record.subject);
    await pause('received');
    const { refreshing: _begun, failure: _former, ...rest } = record;
    // A refresh token that was not replaced is still the one to use.
    const renewed: ActiveRecord = { ...rest, ...refreshed };
    await store.write(renewed);
    await pause('stored');
    return renewed;
  } catch (caught) {
    const error = DrawbridgeError.from(caught);
    if (error.code !== 'session_ended' && error.code !== 'sign_in_wrong_user') throw error;
    const { issuer, clientId, subject } = record;
    logger.info(
      { instance: issuer, user: subject, code: error.code },
      record.refreshing === undefined
        ? 'the session has ended'
        : 'the session has ended: a former refresh was interrupted after the issuer had seen it',
    );
    const ended: SessionRecord = { issuer, clientId, state: 'ended', subject };
    await store.write(ended);
    return ended;
  }
}
