import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@drawbridge/kit';

/** Why a call is not taken for Zitadel's. */
export type SignatureProblem =
  | 'signature_missing'
  | 'signature_malformed'
  | 'signature_wrong'
  | 'too_old'
  | 'in_future';

/** What a signature is checked against. */
export interface SignatureCheck {
  /** Body as it came over the wire, byte for byte. */
  readonly body: Uint8Array;
  /** Value of `ZITADEL-Signature`; a list where the header came more than once, which is refused. */
  readonly header: string | readonly string[] | undefined;
  /** Any of them may have signed: during a rotation there are two. */
  readonly keys: readonly Secret[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How old a signature may be, in milliseconds. Default 300,000. */
  readonly toleranceMs?: number;
  /** How far its time may lie ahead, in milliseconds. Default 30,000. */
  readonly futureMs?: number;
}

const longestHeader = 4_096;
const mostSignatures = 16;
const hexDigest = /^[0-9a-f]{64}$/;
const unixSeconds = /^[0-9]{1,12}$/;

/** The header taken apart. */
interface SignatureHeader {
  /** As it stands there: it is part of what was signed. */
  readonly time: string;
  readonly digests: readonly string[];
}

/**
 * Checks the signature of an action call: HMAC-SHA256 over the time, a dot and the raw body. Every key is compared with
 * every digest, in constant time, so that nothing can be learned from how long a refusal takes.
 *
 * @returns undefined when it is right
 * @see pkg/actions/signing.go
 * @example
 * ```ts
 * import { checkSignature } from '@drawbridge/events';
 * import { Secret } from '@drawbridge/kit';
 *
 * const body = new TextEncoder().encode('{}');
 * const problem = checkSignature({ body, header: undefined, keys: [new Secret('k')], now: Date.now() });
 * console.log(problem); // signature_missing
 * ```
 */
export function checkSignature(check: SignatureCheck): SignatureProblem | undefined {
  const { body, header, keys, now, toleranceMs = 300_000, futureMs = 30_000 } = check;
  if (header === undefined || header === '') return 'signature_missing';
  const parsed = typeof header === 'string' ? parseSignatureHeader(header) : undefined;
  if (!parsed) return 'signature_malformed';
  if (!isSigned(body, parsed, keys)) return 'signature_wrong';
  const at = Number(parsed.time) * 1_000;
  if (at < now - toleranceMs) return 'too_old';
  return at > now + futureMs ? 'in_future' : undefined;
}

/** Reads `t=…,v1=…`; parts of other names are for others. Undefined when it has not exactly one time or no digest. */
function parseSignatureHeader(header: string): SignatureHeader | undefined {
  if (header.length > longestHeader) return undefined;
  const times: string[] = [];
  const digests: string[] = [];
  for (const part of header.split(',')) {
    const at = part.indexOf('=');
    const name = part.slice(0, Math.max(at, 0)).trim();
    const value = part.slice(at + 1).trim();
    if (name === 't') times.push(value);
    else if (name === 'v1') digests.push(value);
  }
  const [time] = times;
  if (time === undefined || times.length > 1 || !unixSeconds.test(time)) return undefined;
  if (digests.length === 0 || digests.length > mostSignatures) return undefined;
  return digests.every((digest) => hexDigest.test(digest)) ? { time, digests } : undefined;
}

function isSigned(body: Uint8Array, { time, digests }: SignatureHeader, keys: readonly Secret[]): boolean {
  let right = false;
  for (const key of keys) {
    const expected = createHmac('sha256', key.expose()).update(`${time}.`).update(body).digest();
    for (const digest of digests) {
      // No early end: each pair is compared, whatever came before.
      right = timingSafeEqual(Buffer.from(digest, 'hex'), expected) || right;
    }
  }
  return right;
}
