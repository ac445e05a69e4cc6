import type { LoginToken } from '@drawbridge/openbao';
import type { KeptToken } from './kept-token.ts';

/** A token that ends sooner is not used any more: so much of its life, and at most so many milliseconds. */
const restShare = 0.1;
const restMs = 30_000;

/** Whether a token holds for a while yet, by its time. */
export function isGood({ expiresAt, lifeMs }: KeptToken, now: number): boolean {
  return expiresAt === undefined || expiresAt - now > Math.min(restMs, lifeMs * restShare);
}

/** A kept token as if it came from a sign-in just now. */
export function asLogin(kept: KeptToken, now: number): LoginToken {
  const { token, accessor, policies, renewable, type, expiresAt } = kept;
  // At least one: none would stand for a token without an end.
  const leaseSeconds = expiresAt === undefined ? 0 : Math.max(1, Math.floor((expiresAt - now) / 1_000));
  return { token, accessor, policies, metadata: {}, leaseSeconds, renewable, type, warnings: [] };
}

/** What of a sign-in is kept. */
export function asKept(
  { token, accessor, policies, renewable, type, leaseSeconds }: LoginToken,
  of: { readonly role: string | undefined; readonly subject: string | undefined; readonly now: number },
): KeptToken {
  const lifeMs = leaseSeconds * 1_000;
  return {
    token,
    accessor,
    policies,
    renewable,
    type,
    lifeMs,
    ...(lifeMs > 0 ? { expiresAt: of.now + lifeMs } : {}),
    ...(of.role === undefined ? {} : { role: of.role }),
    ...(of.subject === undefined ? {} : { subject: of.subject }),
  };
}
