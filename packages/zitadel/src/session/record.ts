import { type ErrorCode, errorRegistry, Secret } from '@drawbridge/kit';

/** Whose session, where. */
export interface SessionKey {
  readonly issuer: string;
  readonly clientId: string;
}

/** A sign-in that did not work, told to the processes that waited for it. */
export interface SignInFailure {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly code: ErrorCode;
}

/** Somebody is signed in. Times are milliseconds since the epoch. */
export interface ActiveRecord extends SessionKey {
  readonly state: 'active';
  readonly subject: string;
  readonly name?: string;
  readonly accessToken: Secret<string>;
  readonly accessExpiresAt: number;
  readonly refreshToken?: Secret<string>;
  readonly idToken?: Secret<string>;
  readonly idTokenExpiresAt?: number;
  /**
   * When a refresh was begun. It is written before the refresh token is sent and goes with the new tokens; found later it
   * says that the tokens beside it may be dead, whatever their time.
   */
  readonly refreshing?: number;
  readonly failure?: SignInFailure;
}

/** Nobody is signed in; who was is kept, so that the next sign-in is held to it. */
export interface EndedRecord extends SessionKey {
  readonly state: 'ended';
  readonly subject?: string;
  readonly failure?: SignInFailure;
}

/** What the store holds of a session. */
export type SessionRecord = ActiveRecord | EndedRecord;

const version = 1;
const largestToken = 16 * 1024;

/** A record as text. This is a place where tokens leave our hands: into the store and nowhere else. */
export function packRecord(record: SessionRecord): string {
  const exposed = Object.entries(record).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof Secret ? value.expose() : value,
  ]);
  return JSON.stringify({ version, ...Object.fromEntries(exposed) });
}

/**
 * Reads a record back. What is not exactly one, or is of another issuer or application, counts as no session at all: it
 * costs a sign-in, and nothing of it is ever repeated in an error.
 */
export function parseRecord(text: string, key: SessionKey): SessionRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = value as Record<string, unknown>;
  if (fields.version !== version || fields.issuer !== key.issuer || fields.clientId !== key.clientId)
    return undefined;
  if (fields.state === 'active') return parseActive(fields, key);
  if (fields.state !== 'ended') return undefined;
  const subject = text200(fields.subject);
  return {
    ...key,
    state: 'ended',
    ...(subject === undefined ? {} : { subject }),
    ...failureOf(fields.failure),
  };
}

function parseActive(fields: Record<string, unknown>, key: SessionKey): ActiveRecord | undefined {
  const subject = text200(fields.subject);
  const accessToken = token(fields.accessToken);
  const accessExpiresAt = time(fields.accessExpiresAt);
  if (subject === undefined || accessToken === undefined || accessExpiresAt === undefined) return undefined;
  const name = text200(fields.name);
  const refreshToken = token(fields.refreshToken);
  const idToken = token(fields.idToken);
  const idTokenExpiresAt = time(fields.idTokenExpiresAt);
  const refreshing = time(fields.refreshing);
  return {
    issuer: key.issuer,
    clientId: key.clientId,
    state: 'active',
    subject,
    ...(name === undefined ? {} : { name }),
    accessToken,
    accessExpiresAt,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(idToken === undefined ? {} : { idToken }),
    ...(idTokenExpiresAt === undefined ? {} : { idTokenExpiresAt }),
    ...(refreshing === undefined ? {} : { refreshing }),
    ...failureOf(fields.failure),
  };
}

function failureOf(value: unknown): { readonly failure?: SignInFailure } {
  if (typeof value !== 'object' || value === null) return {};
  const { at, code } = value as Record<string, unknown>;
  if (time(at) === undefined || typeof code !== 'string' || !Object.hasOwn(errorRegistry, code)) return {};
  return { failure: { at: Number(at), code: code as ErrorCode } };
}

function token(value: unknown): Secret<string> | undefined {
  const fits = typeof value === 'string' && value.length <= largestToken && /^[\x21-\x7e]+$/.test(value);
  return fits ? new Secret(value) : undefined;
}

function text200(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= 200 ? value : undefined;
}

function time(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
