import type { Exchange } from '../../shared/index.ts';
import { hashPat, looksLikePat } from '../access/index.ts';
import { ApiError } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import { signIn } from '../sign-in.ts';

/** How often the last use of a token is noted; upstream notes every one. */
const usedEveryMs = 60_000;

/**
 * Who calls, by the Authorization header: `Token nbp_…`, `Bearer nbp_…` or `Bearer` and a person's access token, one space
 * between (management/server/http/middleware/auth_middleware.go). Returns the user's id.
 *
 * @throws {ApiError} 401 whatever is wrong with it, but 404 for a token that is well formed and not known, and 429
 */
export async function authenticate(kernel: Kernel, { request }: Exchange): Promise<string> {
  const parts = (request.headers.authorization ?? '').split(' ');
  const [scheme = '', token = ''] = parts;
  const kind = scheme.toLowerCase();
  if (kind !== 'bearer' && kind !== 'token')
    throw new ApiError('unauthorized', 'no valid authentication provided');
  if (parts.length !== 2) throw invalidToken();
  if (kind === 'token' || token.startsWith('nbp_'))
    return byPat(kernel, token, request.headers['user-agent']);
  const claims = await kernel.outside.verifier?.verify(token);
  if (!claims) throw invalidToken();
  return signIn(kernel, claims).id;
}

function byPat(kernel: Kernel, token: string, userAgent = ''): string {
  const { controls, limiter } = kernel.outside;
  // Counted before the token is looked at; a caller that calls itself terraform is let past.
  const counts = controls.rateLimit !== null && !userAgent.toLowerCase().includes('terraform');
  if (counts && controls.rateLimit && !limiter.allow(token, controls.rateLimit, kernel.now()))
    throw new ApiError('tooMany', 'too many requests');
  if (!looksLikePat(token)) throw invalidToken();
  const hash = hashPat(token);
  const found = [...kernel.state.tokens.values()].find((row) => row.hash === hash);
  // The store's own refusal reaches the caller (management/server/store/sql_store.go, GetPATByHashedToken).
  if (!found) throw new ApiError('notFound', `invalid Token: PAT: ${hash} not found`);
  const now = kernel.now();
  if (found.expiresAt < now) throw invalidToken();
  if (now - (found.lastUsed ?? Number.NEGATIVE_INFINITY) >= usedEveryMs)
    kernel.push(found.userId, { type: 'personal.access.token.use', target: found.id, payload: {} });
  return found.userId;
}

function invalidToken(): ApiError {
  return new ApiError('unauthorized', 'token invalid');
}
