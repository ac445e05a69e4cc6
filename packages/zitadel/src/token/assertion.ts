import { randomUUID } from 'node:crypto';
import { type Clock, Secret, systemClock } from '@drawbridge/kit';
import { SignJWT } from 'jose';
import type { ServiceAccount } from '../credentials/index.ts';

/** Life of an assertion in seconds. Zitadel would take an hour; a copied assertion can be replayed for as long. */
export const assertionLifeSeconds = 300;
/** `iat` is set this far back, because Zitadel forgives one second of a clock that is ahead. */
export const assertionBackdateSeconds = 30;

/** Whom an assertion is for, and the seams of making it. */
export interface AssertionOptions {
  /** Issuer of the instance, byte for byte; the audience. Never the address that is dialled. */
  readonly issuer: string;
  readonly clock?: Clock;
  /** Makes the `jti`. Default: a random UUID. */
  readonly newJti?: () => string;
}

/** What signs an assertion: a service account, or an application for introspection. */
export type AssertionKey = Pick<ServiceAccount, 'keyId' | 'privateKey'>;

/**
 * Signs the JWT that a key is proved with.
 *
 * @param subject issuer and subject: the user id of a service account, the client id of an application
 * @see RFC 7523 section 3
 */
export async function signAssertion(
  key: AssertionKey,
  subject: string,
  options: AssertionOptions,
): Promise<Secret<string>> {
  const now = Math.floor((options.clock ?? systemClock).now() / 1_000);
  const issuedAt = now - assertionBackdateSeconds;
  const jwt = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', kid: key.keyId })
    .setIssuer(subject)
    .setSubject(subject)
    .setAudience(options.issuer)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + assertionLifeSeconds)
    .setJti((options.newJti ?? randomUUID)())
    .sign(key.privateKey.expose());
  return new Secret(jwt);
}
