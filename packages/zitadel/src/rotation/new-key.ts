import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { type Clock, Secret } from '@drawbridge/kit';
import type { Zitadel } from '../client/index.ts';
import { parseServiceAccount, type ServiceAccount } from '../credentials/index.ts';
import { createTokenSource } from '../token/index.ts';
import { createTransport } from '../transport/index.ts';

const generate = promisify(generateKeyPair);

/** A pair made here, so that the private half never travels. */
export interface Pair {
  /** PKCS#1 PEM, as Zitadel's own key files have it. */
  readonly privatePem: Secret<string>;
  /** PKIX PEM. */
  readonly publicPem: string;
}

/** Makes an RSA pair of 2048 bits, what Zitadel makes itself. */
export async function makePair(): Promise<Pair> {
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: 2048 });
  return {
    privatePem: new Secret(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** The key file of a new key, in the form that Zitadel writes. */
export function keyFileOf(
  userId: string,
  keyId: string,
  { privatePem }: Pair,
  expiresAt: number,
): Secret<string> {
  return privatePem.map(
    (key) =>
      `${JSON.stringify({ type: 'serviceaccount', keyId, key, expirationDate: new Date(expiresAt).toISOString(), userId })}\n`,
  );
}

/**
 * Shows that a key works: it brings a token, and the token reads the service account itself. A key that is a moment old
 * may be unknown to Zitadel yet; the token source tries again for that.
 *
 * @throws {DrawbridgeError} `credentials_refused`, or why Zitadel was not reached
 */
export async function proveKey(
  zitadel: Pick<Zitadel, 'issuer' | 'fetch'>,
  file: Secret<string>,
  clock: Clock,
): Promise<void> {
  const account: ServiceAccount = parseServiceAccount(file.expose());
  const { issuer, fetch } = zitadel;
  const token = createTokenSource({ issuer, fetch, credentials: account, clock });
  try {
    const transport = createTransport({ issuer, fetch, token, clock });
    await transport.call('zitadel.user.v2.UserService/GetUserByID', { userId: account.userId });
  } finally {
    token.close();
  }
}
