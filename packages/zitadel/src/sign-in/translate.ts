import { DrawbridgeError, type ErrorCode } from '@drawbridge/kit';

/** Errors of OAuth that mean something to the one who signs in. */
const byOauthError: Readonly<Record<string, ErrorCode>> = {
  access_denied: 'sign_in_denied',
  expired_token: 'sign_in_expired',
  // Zitadel's answer to a device code or an authorization code that is unknown or was used.
  invalid_grant: 'sign_in_failed',
  unauthorized_client: 'sign_in_not_permitted',
  unsupported_grant_type: 'sign_in_not_permitted',
  invalid_client: 'sign_in_not_permitted',
};

/** The `error` of an OAuth answer, where that is what failed. */
export function oauthErrorOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof DrawbridgeError) return undefined;
  const { error: name } = error as { error?: unknown };
  return typeof name === 'string' ? name : undefined;
}

/**
 * The one place where openid-client's failures become errors of ours. Failures of the connection are ours already and
 * lie inside. The library's own errors are not kept as cause: they carry answers with tokens in them.
 */
export function translateSignInError(error: unknown, where: string): DrawbridgeError {
  const own = ownErrorIn(error);
  if (own) return own;
  if (!(error instanceof Error)) return new DrawbridgeError('sign_in_failed', { where });
  const oauthError = oauthErrorOf(error);
  if (oauthError !== undefined) {
    const { error_description: text, status } = error as { error_description?: unknown; status?: unknown };
    const description = typeof text === 'string' ? `: ${text}` : '';
    if (status === 429) return translateStatus(429, where);
    return new DrawbridgeError(byOauthError[oauthError] ?? 'sign_in_failed', {
      where,
      saw: `${oauthError}${description}`.slice(0, 300),
    });
  }
  const answered = statusOf(error);
  if (answered !== undefined) return translateStatus(answered, where);
  const { code } = error as { code?: unknown };
  if (code === 'OAUTH_TIMEOUT') return new DrawbridgeError('timeout', { where });
  const kind = typeof code === 'string' ? code : error.name;
  if (/TIMESTAMP/.test(kind)) {
    return new DrawbridgeError('sign_in_failed', {
      message:
        "This machine's clock and Zitadel's differ by more than a minute, so that no sign-in can be verified.",
      where,
      saw: kind,
      fix: 'Set this clock (sudo timedatectl set-ntp true), then run drawbridge login again.',
    });
  }
  const unverified = /JWT|COMPARISON|DECRYPTION/.test(kind);
  return new DrawbridgeError(unverified ? 'sign_in_failed' : 'invalid_response', {
    ...(unverified ? { message: 'The answer to the sign-in could not be verified.' } : {}),
    where,
    saw: kind,
  });
}

/**
 * The status of an answer that the library did not expect. By its shape, since our fetch's `Response` is not the class
 * of that name that Node has.
 */
export function statusOf(error: unknown): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  const status = typeof cause === 'object' && cause !== null && 'status' in cause ? cause.status : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** An answer that is none of OAuth's: its status alone says what it means. */
function translateStatus(status: number, where: string): DrawbridgeError {
  const saw = String(status);
  if (status === 429) return new DrawbridgeError('rate_limited', { where, saw });
  if (status === 502 || status === 503) return new DrawbridgeError('unreachable', { where, saw });
  if (status === 504 || status === 408) return new DrawbridgeError('timeout', { where, saw });
  return new DrawbridgeError(status >= 500 ? 'zitadel_failed' : 'invalid_response', { where, saw });
}

function ownErrorIn(error: unknown): DrawbridgeError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof DrawbridgeError) return at;
  }
  return undefined;
}
