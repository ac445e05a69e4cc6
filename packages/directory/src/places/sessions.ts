import { DrawbridgeError } from '@drawbridge/kit';
import type { FoundSession, Zitadel } from '@drawbridge/zitadel';

/** Where somebody is signed in. */
export interface UserSession {
  readonly id: string;
  readonly createdAt: string | null;
  readonly lastSeenAt: string | null;
  /** Null: the session never expires by itself. */
  readonly expiresAt: string | null;
  /** Null where the login recorded none. */
  readonly userAgent: string | null;
  readonly ip: string | null;
  /** What was proved: `password`, `passkey`, `identity provider`, `totp`, `otp by mail`, `otp by SMS`, `recovery code`. */
  readonly factors: readonly string[];
}

/** A user's sessions, the newest first; those that have expired are left out. */
export async function listSessions(
  zitadel: Zitadel,
  zitadelUserId: string,
  now: number,
  signal: AbortSignal,
): Promise<UserSession[]> {
  const found = await zitadel.sessions.list({ userId: zitadelUserId }, { signal }).all();
  return found
    .filter(({ expirationDate }) => expirationDate === undefined || Date.parse(expirationDate) > now)
    .map(toSession)
    .sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''));
}

/**
 * Ends one session of a user.
 *
 * @throws {DrawbridgeError} `not_found` unless the session is that user's: ids of sessions alone prove nothing (F1)
 */
export async function endSession(
  zitadel: Zitadel,
  zitadelUserId: string,
  sessionId: string,
  signal: AbortSignal,
): Promise<void> {
  const own = await zitadel.sessions.list({ userId: zitadelUserId }, { signal }).all();
  if (!own.some(({ id }) => id === sessionId))
    throw new DrawbridgeError('not_found', { message: `No session ${sessionId} of this user.` });
  await zitadel.sessions.remove(sessionId, { signal });
}

/** Ends all sessions of a user but one. @returns how many */
export async function endOtherSessions(
  zitadel: Zitadel,
  zitadelUserId: string,
  keep: string | undefined,
  signal: AbortSignal,
): Promise<number> {
  let ended = 0;
  for (const { id } of await zitadel.sessions.list({ userId: zitadelUserId }, { signal }).all()) {
    if (id === keep) continue;
    await zitadel.sessions.remove(id, { signal });
    ended += 1;
  }
  return ended;
}

const factorWords = {
  password: 'password',
  webAuthN: 'passkey',
  intent: 'identity provider',
  totp: 'totp',
  otpEmail: 'otp by mail',
  otpSms: 'otp by SMS',
  recoveryCode: 'recovery code',
} as const;

function toSession({
  id,
  creationDate,
  changeDate,
  expirationDate,
  userAgent,
  factors,
}: FoundSession): UserSession {
  const proved = Object.entries(factorWords).filter(
    ([factor]) => factors?.[factor as keyof typeof factorWords]?.verifiedAt !== undefined,
  );
  return {
    id,
    createdAt: creationDate ?? null,
    lastSeenAt: changeDate ?? null,
    expiresAt: expirationDate ?? null,
    userAgent: userAgent?.description ?? userAgent?.header?.['user-agent']?.values?.[0] ?? null,
    ip: userAgent?.ip ?? null,
    factors: proved.map(([, word]) => word),
  };
}
