export { type Claims, type TokenIssuer, TokenVerifier } from './jwt.ts';
export { hashPat, looksLikePat, newPat } from './pat.ts';
export { hasAdminPower, isAllowed, type Module, type Operation, requireAllowed } from './permissions.ts';
export { type RateLimit, RateLimiter } from './rate-limit.ts';
