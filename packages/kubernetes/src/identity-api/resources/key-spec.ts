import { invalid, type StatusCause } from '../wire/index.ts';
import { publicKeyComplaint } from './public-key.ts';
import type { Call, NewObject } from './resource.ts';

/** How long keys live. Milliseconds. */
export interface KeyLife {
  /** Where nothing is asked for. */
  readonly defaultMs: number;
  readonly mostMs: number;
}

/** What is wanted of a key, checked. */
export interface KeySpec {
  readonly account: string;
  readonly expiresAt: Date;
  readonly publicKey: string | undefined;
}

const field = (name: string) => `spec.${name}`;
const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Reads and checks the spec of a key. @throws {StatusError} `invalid_object` with every mistake */
export function readKeySpec(
  { resource }: Call,
  { name, spec }: NewObject,
  life: KeyLife,
  now: number,
): KeySpec {
  const causes: StatusCause[] = [];
  const { serviceAccountUserName: account, expirationDate, publicKey } = spec;
  if (account === undefined || account === null || account === '') {
    const message = 'Required value: the user name of the service account';
    causes.push({ reason: 'FieldValueRequired', field: field('serviceAccountUserName'), message });
  } else if (typeof account !== 'string' || account.length > 200) {
    causes.push(invalidValue('serviceAccountUserName', 'is no user name'));
  }
  const expiresAt = readExpiry(expirationDate, life, now);
  if (typeof expiresAt === 'string') causes.push(invalidValue('expirationDate', expiresAt));
  const complaint = readPublicKey(publicKey);
  // The value stays out of the message: it may be a private key.
  if (complaint !== undefined) causes.push(invalidValue('publicKey', complaint));
  if (causes.length > 0 || typeof expiresAt === 'string') throw invalid(resource, name, causes);
  return {
    account: String(account),
    expiresAt,
    publicKey: typeof publicKey === 'string' && publicKey !== '' ? publicKey : undefined,
  };
}

function readExpiry(value: unknown, { defaultMs, mostMs }: KeyLife, now: number): Date | string {
  if (value === undefined || value === null) return new Date(now + Math.min(defaultMs, mostMs));
  const ms = typeof value === 'string' && rfc3339.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) return 'is no date such as 2027-01-31T12:00:00Z';
  if (ms <= now) return 'is not in the future';
  if (ms > now + mostMs)
    return `is later than this server allows: ${Math.floor(mostMs / 86_400_000)} days from now`;
  return new Date(ms);
}

function readPublicKey(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'string' ? publicKeyComplaint(value) : 'is no text';
}

function invalidValue(name: string, complaint: string): StatusCause {
  return { reason: 'FieldValueInvalid', field: field(name), message: `Invalid value: ${complaint}` };
}
