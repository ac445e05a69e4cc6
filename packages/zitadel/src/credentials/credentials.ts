import type { KeyObject } from 'node:crypto';
import { DrawbridgeError, Secret } from '@drawbridge/kit';

/** A service account's key: what the JSON file of Zitadel holds. */
export interface ServiceAccount {
  readonly type: 'service-account';
  /** Names the key in Zitadel; goes into the assertion's header. */
  readonly keyId: string;
  /** The machine user; issuer and subject of the assertion. */
  readonly userId: string;
  /** RSA, at least 2048 bits. */
  readonly privateKey: Secret<KeyObject>;
  /** Milliseconds since the epoch; absent: the key says nothing about it. */
  readonly expiresAt?: number;
}

/** A personal access token: sent as it is, never renewed. */
export interface PersonalAccessToken {
  readonly type: 'personal-access-token';
  readonly token: Secret<string>;
}

/** A machine user's secret. Zitadel's client id here is the user's *login name*, not its id. */
export interface ClientCredentials {
  readonly type: 'client-credentials';
  readonly clientId: string;
  readonly clientSecret: Secret<string>;
}

/** A key file that is read at first use and watched afterwards. */
export interface ServiceAccountFile {
  readonly type: 'service-account-file';
  readonly path: string;
}

/** What a program can sign in to Zitadel with. */
export type Credentials = ServiceAccount | PersonalAccessToken | ClientCredentials;

/**
 * A personal access token as credentials. Space around it is dropped: the files that Zitadel writes end in a newline.
 *
 * @throws {DrawbridgeError} `invalid_settings` when nothing is left, or when it is plainly something else
 * @example
 * ```ts
 * import { personalAccessToken } from '@drawbridge/zitadel';
 *
 * const credentials = personalAccessToken('gQ2…');
 * ```
 */
export function personalAccessToken(text: string | Secret<string>): PersonalAccessToken {
  const token = (typeof text === 'string' ? text : text.expose()).trim();
  if (token === '' || /\s|[{}]/.test(token)) {
    throw new DrawbridgeError('invalid_settings', {
      message: 'This is not a personal access token.',
      why: token === '' ? 'It is empty.' : 'A token is one word; this has spaces or braces in it.',
    });
  }
  return { type: 'personal-access-token', token: new Secret(token) };
}

/**
 * A machine user's login name and secret as credentials.
 *
 * @throws {DrawbridgeError} `invalid_settings` when one of them is empty
 */
export function clientCredentials(
  clientId: string,
  clientSecret: string | Secret<string>,
): ClientCredentials {
  const secret = typeof clientSecret === 'string' ? new Secret(clientSecret) : clientSecret;
  if (clientId === '' || secret.expose() === '') {
    throw new DrawbridgeError('invalid_settings', {
      message: 'Client credentials need the login name of the machine user and its secret.',
    });
  }
  return { type: 'client-credentials', clientId, clientSecret: secret };
}

/** A key file as credentials: read at first use, watched, and replaced only by a key that was proved to work. */
export function serviceAccountFile(path: string): ServiceAccountFile {
  return { type: 'service-account-file', path };
}
