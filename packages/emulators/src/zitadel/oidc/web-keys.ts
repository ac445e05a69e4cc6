import { createPublicKey, type KeyObject } from 'node:crypto';
import { normalizedPublicPem } from '../crypto.ts';
import type { Kernel } from '../kernel.ts';
import { signJws, verifyJws } from '../signing.ts';
import { isObject, type JsonObject } from '../wire/index.ts';

const publicKeys = new WeakMap<object, KeyObject>();

/** The instance's public keys as a JWKS: every key there is, active or not (internal/api/oidc/key.go). */
export function jwks(kernel: Kernel): JsonObject {
  const keys = [...kernel.fresh.webKeys.values()].map((row) => ({
    ...publicKeyOf(row).export({ format: 'jwk' }),
    kid: row.id,
    alg: row.alg,
    use: 'sig',
  }));
  return { keys };
}

/** Algorithm of the active web key. */
export function activeAlgorithm(kernel: Kernel): string {
  return [...kernel.fresh.webKeys.values()].find((row) => row.active)?.alg ?? '';
}

/** Signs claims with the active web key. */
export function signJwt(kernel: Kernel, claims: JsonObject): string {
  return signText(kernel, JSON.stringify(claims));
}

/** Signs a text as it is with the active web key: a compact JWS. */
export function signText(kernel: Kernel, text: string): string {
  const active = [...kernel.fresh.webKeys.values()].find((row) => row.active);
  const key = active && kernel.keys.webKeys.get(active.id);
  if (!active || !key) throw new Error('The instance has no active web key.');
  const head = encode({ alg: active.alg, kid: active.id, typ: 'JWT' });
  const body = Buffer.from(text).toString('base64url');
  const signature = signJws(active.alg, `${head}.${body}`, key);
  return `${head}.${body}.${signature.toString('base64url')}`;
}

/** The claims of a JWT that this instance signed, else nothing. Expiry is for the caller to judge. */
export function verifyWebKeyJwt(kernel: Kernel, token: string): JsonObject | undefined {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = decode(head);
  const row = typeof header?.kid === 'string' ? kernel.fresh.webKeys.get(header.kid) : undefined;
  if (!row || header?.alg !== row.alg) return undefined;
  const bytes = Buffer.from(signature, 'base64url');
  if (!verifyJws(row.alg, `${head}.${body}`, publicKeyOf(row), bytes)) return undefined;
  return decode(body);
}

function publicKeyOf(row: { readonly publicKey: string }): KeyObject {
  let key = publicKeys.get(row);
  if (!key) {
    key = createPublicKey(normalizedPublicPem(row.publicKey));
    publicKeys.set(row, key);
  }
  return key;
}

function encode(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isObject(value) ? value : undefined;
  } catch {
    // Not JSON, so not ours.
    return undefined;
  }
}
