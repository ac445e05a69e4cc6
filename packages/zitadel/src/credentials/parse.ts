import { createPrivateKey, type KeyObject } from 'node:crypto';
import { DrawbridgeError, Secret } from '@drawbridge/kit';
import type { ServiceAccount } from './credentials.ts';

const smallestRsaBits = 2048;
/** Zitadel writes this for "never" (bootstrap keys); it is kept out of arithmetic. */
const never = Date.UTC(9999, 0, 1);

/**
 * Reads the text of a service-account key file. What is not one is refused with the exact reason; the text itself is
 * never repeated, since it may hold a key or a token in another form.
 *
 * @param where the file's path, for the error
 * @throws {DrawbridgeError} `invalid_key_file`
 * @see reference of Zitadel's key files: internal/domain/machine_key.go
 */
export function parseServiceAccount(text: string, where?: string): ServiceAccount {
  const fields = readObject(text, where);
  const type = fields.type;
  if (type === 'application') {
    throw refused(where, 'This is the key of an application, not of a service account.', {
      why: 'An application key signs in to introspection only; it cannot call the API.',
    });
  }
  if (type !== 'serviceaccount') {
    const looksLike = describeForeign(fields);
    throw refused(where, looksLike ?? 'Its `type` is not `serviceaccount`.');
  }
  const keyId = readId(fields, 'keyId', where);
  const userId = readId(fields, 'userId', where);
  const privateKey = readKey(readText(fields, 'key', where), where);
  const expiresAt = readExpiry(fields.expirationDate, where);
  return {
    type: 'service-account',
    keyId,
    userId,
    privateKey: new Secret(privateKey),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/**
 * Reads a PEM private key, PKCS#1 (as Zitadel writes it) or PKCS#8.
 *
 * @throws {DrawbridgeError} `invalid_key_file` when it is no RSA key of at least 2048 bits
 */
export function readKey(pem: string, where?: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Not kept as cause: OpenSSL's message is of no use and the input was a private key.
    throw refused(where, 'Its `key` is not a PEM private key.');
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa') {
    throw refused(where, `Its \`key\` is ${key.asymmetricKeyType ?? 'of an unknown kind'}, not RSA.`);
  }
  if (bits < smallestRsaBits) {
    throw refused(where, `Its RSA key has ${bits} bits; at least ${smallestRsaBits} are needed.`);
  }
  return key;
}

function readObject(text: string, where: string | undefined): Record<string, unknown> {
  const trimmed = text.trim();
  if (trimmed === '') throw refused(where, 'The file is empty.');
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch {
    const message = trimmed.startsWith('-----BEGIN')
      ? 'This is a bare PEM key; the JSON file around it is needed, since it holds the key id and the user id.'
      : /^[\w.-]+$/.test(trimmed)
        ? 'This looks like a personal access token, not a key file.'
        : 'The file is not JSON.';
    throw refused(where, message);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused(where, 'The file is JSON, but not an object.');
  }
  return value as Record<string, unknown>;
}

/** Names the well-known files that people give by mistake. */
function describeForeign(fields: Record<string, unknown>): string | undefined {
  if (fields.type === 'service_account') return 'This is a Google Cloud service-account key.';
  if ('kty' in fields || 'keys' in fields) return 'This is a JSON Web Key, not a Zitadel key file.';
  if ('clientSecret' in fields || 'client_secret' in fields)
    return 'This holds client credentials, not a key.';
  if ('token' in fields) return 'This holds a token, not a key.';
  return undefined;
}

function readText(fields: Record<string, unknown>, name: string, where: string | undefined): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw refused(where, `It has no \`${name}\`.`);
  return value;
}

/** Ids go into logs and errors: something that cannot be one may be a key that was pasted into the wrong field. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 200 && !/\p{Cc}/u.test(value);
}

function readId(fields: Record<string, unknown>, name: string, where: string | undefined): string {
  const value = readText(fields, name, where);
  if (!isId(value)) throw refused(where, `Its \`${name}\` is not an id.`);
  return value;
}

function readExpiry(value: unknown, where: string | undefined): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw refused(where, 'Its `expirationDate` is not a time.');
  return time >= never || time <= 0 ? undefined : time;
}

function refused(
  where: string | undefined,
  message: string,
  details: { readonly why?: string } = {},
): DrawbridgeError {
  return new DrawbridgeError('invalid_key_file', {
    message,
    ...details,
    ...(where === undefined ? {} : { where }),
  });
}
