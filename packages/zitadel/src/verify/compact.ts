import { parseStrictObject } from './strict-json.ts';
import type { InactiveReason } from './verification.ts';

/** Longer is no token of Zitadel's: refused before anything is decoded. */
const largestToken = 16 * 1024;

/** A JWT taken apart, nothing of it proved yet. */
export interface CompactJwt {
  readonly kind: 'jwt';
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A token that only Zitadel can read. */
export interface OpaqueToken {
  readonly kind: 'opaque';
}

const base64url = /^[A-Za-z0-9_-]+$/;
/** RFC 6750's b64token, without the dots that part a JWT. */
const opaque = /^[A-Za-z0-9_~+/-]+=*$/;

/** Takes a token apart, or says why it cannot be one. */
export function readCompact(token: string): CompactJwt | OpaqueToken | { readonly kind: InactiveReason } {
  if (token.length > largestToken) return { kind: 'too_large' };
  if (!token.includes('.')) return { kind: opaque.test(token) ? 'opaque' : 'malformed' };
  const [head, body, signature, ...more] = token.split('.');
  if (!head || !body || !signature || more.length > 0) return { kind: 'malformed' };
  if (!base64url.test(head) || !base64url.test(body) || !base64url.test(signature))
    return { kind: 'malformed' };
  const header = parseStrictObject(decode(head));
  const payload = parseStrictObject(decode(body));
  return header && payload ? { kind: 'jwt', header, payload } : { kind: 'malformed' };
}

function decode(part: string): string {
  return Buffer.from(part, 'base64url').toString('utf8');
}
