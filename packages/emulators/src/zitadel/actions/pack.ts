import { createHmac, createPublicKey } from 'node:crypto';
import { CompactEncrypt } from 'jose';
import { normalizedPublicPem } from '../crypto.ts';
import { failedPrecondition } from '../errors.ts';
import type { Kernel } from '../kernel.ts';
import { signText } from '../oidc/web-keys.ts';
import type { TargetRow } from '../projections/index.ts';

/** Numbers of PayloadType (proto/zitadel/action/v2/target.proto). */
export const payloadType = { json: 1, jwt: 2, jwe: 3 } as const;

/**
 * A body as a target wants it: JSON as it is; signed by the instance's active web key; or that, encrypted for the
 * target's active public key (internal/execution/execution.go). Nothing is added to the JSON, no issuer and no expiry.
 *
 * @throws {RpcError} EXEC-2n8fhs7g for JWE without an active key
 */
export async function packBody(kernel: Kernel, target: TargetRow, body: string): Promise<string> {
  const { payloadType: wanted } = target.fields;
  if (wanted !== payloadType.jwt && wanted !== payloadType.jwe) return body;
  const signed = signText(kernel, body);
  if (wanted === payloadType.jwt) return signed;
  const active = [...target.keys.values()].find((key) => key.active);
  if (!active) throw failedPrecondition('EXEC-2n8fhs7g', 'Errors.Target.NoActivePublicKey');
  const pem = Buffer.from(active.publicKey, 'base64').toString();
  const key = createPublicKey(normalizedPublicPem(pem));
  const alg = key.asymmetricKeyType === 'rsa' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW';
  return new CompactEncrypt(Buffer.from(signed))
    .setProtectedHeader({ alg, enc: 'A256GCM', kid: active.id })
    .encrypt(key);
}

/** The header `ZITADEL-Signature` of a body (pkg/actions/signing.go). `at` in milliseconds since the epoch. */
export function signatureHeader(signingKey: string, body: string, at: number): string {
  const seconds = Math.floor(at / 1_000);
  const mac = createHmac('sha256', signingKey).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${mac}`;
}
