import { DrawbridgeError, type ErrorCode, type Secret } from '@drawbridge/kit';
import type { SessionKey } from './record.ts';
import type { SessionTools } from './renew.ts';

/** A token, by its kind. */
export type TokenKind = 'refresh_token' | 'access_token';

/** What came of signing out. The session is gone from this machine in any case. */
export interface LoggedOut {
  /** False where nobody was signed in. */
  readonly wasSignedIn: boolean;
  readonly revoked: readonly TokenKind[];
  /** What the issuer could not be told, so that it stays good there until its time is over. */
  readonly notRevoked: readonly { readonly token: TokenKind; readonly code: ErrorCode }[];
}

/** Revokes, then removes, under the lock. What cannot be revoked is told, not kept (S33). */
export async function logOut(key: SessionKey, { store, signIn }: SessionTools): Promise<LoggedOut> {
  const record = await store.read(key);
  const revoked: TokenKind[] = [];
  const notRevoked: { readonly token: TokenKind; readonly code: ErrorCode }[] = [];
  if (record?.state === 'active') {
    // The refresh token first: it could bring new access tokens.
    const tokens: readonly (readonly [TokenKind, Secret<string> | undefined])[] = [
      ['refresh_token', record.refreshToken],
      ['access_token', record.accessToken],
    ];
    for (const [kind, token] of tokens) {
      if (!token) continue;
      try {
        await signIn.revoke(token, kind);
        revoked.push(kind);
      } catch (error) {
        notRevoked.push({ token: kind, code: DrawbridgeError.from(error).code });
      }
    }
  }
  await store.remove(key);
  return { wasSignedIn: record?.state === 'active', revoked, notRevoked };
}
