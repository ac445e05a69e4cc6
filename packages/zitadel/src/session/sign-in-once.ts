import { DrawbridgeError, type ErrorCode } from '@drawbridge/kit';
import type { SignedIn, SignIn } from '../sign-in/index.ts';
import type { ActiveRecord, SessionKey, SessionRecord } from './record.ts';
import type { SessionTools } from './renew.ts';

/** What ends a sign-in for those who waited for it as well. One that was canceled says nothing about theirs. */
const shared: ReadonlySet<ErrorCode> = new Set([
  'sign_in_denied',
  'sign_in_expired',
  'sign_in_failed',
  'sign_in_not_permitted',
  'sign_in_wrong_user',
]);

/**
 * Asks for a sign-in, under the lock. Where another process was asked meanwhile and it came to nothing, that is the
 * answer here too: ten waiting processes must not ask ten times.
 *
 * @param waitedSince when this process began to wait for another, if it did
 * @throws {DrawbridgeError} what the sign-in throws, or `sign_in_wrong_user`
 */
export async function signInOnce(
  key: SessionKey,
  record: SessionRecord | undefined,
  ask: (signIn: SignIn) => Promise<SignedIn>,
  { switchUser = false }: { readonly switchUser?: boolean },
  waitedSince: number | undefined,
  tools: SessionTools,
): Promise<ActiveRecord> {
  const { store, clock, signIn } = tools;
  const former = record?.failure;
  if (former && waitedSince !== undefined && former.at >= waitedSince) {
    throw new DrawbridgeError(former.code, {
      why: 'Another process asked for the sign-in while this one waited, and that was the outcome.',
    });
  }
  try {
    const signedIn = await ask(signIn);
    await refuseOther(record?.subject, signedIn, switchUser, signIn);
    const made: ActiveRecord = { ...key, state: 'active', ...signedIn };
    await store.write(made);
    return made;
  } catch (caught) {
    const error = DrawbridgeError.from(caught);
    if (shared.has(error.code)) {
      await store.write({
        ...(record ?? { ...key, state: 'ended' }),
        failure: { at: clock.now(), code: error.code },
      });
    }
    throw error;
  }
}

/** Whoever signs in has to be the one before (S26): somebody else's tokens are ended, not kept. */
async function refuseOther(
  expected: string | undefined,
  signedIn: SignedIn,
  switchUser: boolean,
  signIn: SignIn,
): Promise<void> {
  if (switchUser || expected === undefined || expected === signedIn.subject) return;
  const ended = signedIn.refreshToken
    ? signIn.revoke(signedIn.refreshToken, 'refresh_token')
    : signIn.revoke(signedIn.accessToken, 'access_token');
  const left = await ended.then(
    () => undefined,
    () => 'Their tokens could not be revoked; they were not kept.',
  );
  throw new DrawbridgeError('sign_in_wrong_user', left === undefined ? {} : { why: left });
}
