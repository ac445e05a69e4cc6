import { isRecord } from './bounded-json.ts';
import type { EventPayload } from './event.ts';

const redacted = '[redacted]';

/**
 * Fields of Zitadel's events that hold a password hash, a token or a code (internal/repository/{user,idpintent,project,
 * org,oidcsession,action}). They are known by name: what they hold is not recognisable by its form.
 */
const secretFields = new Set(
  [
    'encodedHash',
    'hashedSecret',
    'clientSecret',
    'secret',
    'password',
    'code',
    'codeHash',
    'otpSecret',
    'idpAccessToken',
    'idpRefreshToken',
    'idpIdToken',
    'accessToken',
    'refreshToken',
    'idToken',
    'token',
    'signingKey',
    'privateKey',
    'passwordHash',
  ].map((name) => name.toLowerCase()),
);

/**
 * A payload as it may be stored and logged: secrets replaced, and text that PostgreSQL cannot hold (the character zero,
 * halves of surrogate pairs) made storable.
 */
export function redactPayload(payload: EventPayload): EventPayload {
  return redactRecord(payload);
}

function redactRecord(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      storable(key),
      isSecret(key, value) ? redacted : redactValue(value),
    ]),
  );
}

function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(redactValue);
  return isRecord(value) ? redactRecord(value) : value;
}

/** Zitadel's encrypted values are objects that name their key beside the ciphertext, whatever field they stand in. */
function isSecret(key: string, value: unknown): boolean {
  if (value === null || value === '') return false;
  return (
    secretFields.has(key.toLowerCase()) || (isRecord(value) && ('Crypted' in value || 'crypted' in value))
  );
}

/** Text as PostgreSQL can hold it. */
function storable(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}
