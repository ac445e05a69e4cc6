import { createHash } from 'node:crypto';
import {
  type Clock,
  DrawbridgeError,
  type Fetch,
  type HttpClient,
  requireSecureUrl,
  Secret,
  systemClock,
} from '@drawbridge/kit';
import { BoundedCache } from './bounded-cache.ts';
import { audienceOf, readClaims } from './claims.ts';
import { readCompact } from './compact.ts';
import { type IntrospectionClient, introspect } from './introspect.ts';
import { type Algorithm, createKeySet } from './key-set.ts';
import { checkLocally, type LocalOptions, skewMs } from './local.ts';
import { MissLimit } from './miss-limit.ts';
import { busy, Places } from './places.ts';
import type {
  InactiveReason,
  RevocationFeed,
  TokenClaims,
  TokenVerifier,
  Verification,
  VerifyOptions,
} from './verification.ts';

/** Which tokens to accept, and how Zitadel is asked about them. */
export interface VerifierOptions {
  readonly issuer: string;
  /**
   * Client ids or project ids that a token may be meant for; one of them has to be in its `aud`. As a record, each with the
   * name that the audience has on our side: `{ '322011': 'https://kubernetes.default.svc' }`.
   */
  readonly audience: string | readonly string[] | Readonly<Record<string, string>>;
  readonly client: IntrospectionClient;
  /** What reaches the issuer: an HTTP client, or the client that `createZitadel` made. */
  readonly http: Pick<HttpClient, 'fetch'>;
  /** Takes a plain-http issuer that is not loopback. Default false. */
  readonly allowInsecure?: boolean;
  /** Without it every acceptance is introspected within the TTL. */
  readonly revocations?: RevocationFeed;
  /** How long an acceptance may be old, in milliseconds. Default 30,000. */
  readonly ttlMs?: number;
  /** Default RS256, which Zitadel signs with unless told otherwise. */
  readonly algorithms?: readonly Algorithm[];
  /** Tokens remembered. Default 10,000. */
  readonly cacheSize?: number;
  /** Questions to Zitadel at once. Default 64. */
  readonly concurrency?: number;
  /** Callers that may wait for one question. Default 1,000. */
  readonly joiners?: number;
  /** Questions that one named source may cause. Default 20 a second, bursts of 50. */
  readonly missesPerSource?: { readonly perSecond: number; readonly burst: number };
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** "No" is remembered for this long at most: Zitadel may learn of a token a moment after we saw it. */
const inactiveMs = 5_000;
const defaultTtlMs = 30_000;

/**
 * Makes a verifier for the tokens of one issuer. It refuses by itself whatever a JWT shows to be wrong; it accepts only
 * what Zitadel confirmed within the TTL, or what a revocation feed fresher than the TTL does not deny. When neither is to
 * be had, it throws: an outage is not a "no".
 *
 * @throws {DrawbridgeError} `invalid_settings`, `insecure_url`
 * @see RFC 7662, RFC 8725
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { createHttpClient } from '@drawbridge/kit';
 * import { createVerifier, parseApplicationKey } from '@drawbridge/zitadel';
 *
 * const verifier = createVerifier({
 *   issuer: 'https://sso.acme.example',
 *   audience: '322011',
 *   client: parseApplicationKey(await readFile('/etc/drawbridge/application.json', 'utf8')),
 *   http: createHttpClient(),
 * });
 * const answer = await verifier.verify('eyJ…');
 * console.log(answer.active ? answer.subject : 'no');
 * ```
 */
export function createVerifier(options: VerifierOptions): TokenVerifier {
  requireSecureUrl(options.issuer, { allowInsecure: options.allowInsecure ?? false });
  const audiences = audienceNames(options.audience);
  if (audiences.size === 0 || [...audiences].flat().includes('')) {
    throw new DrawbridgeError('invalid_settings', { message: 'A verifier needs at least one audience.' });
  }
  return new Verifier(options, audiences);
}

interface Pending {
  readonly answer: Promise<Verification>;
  waiting: number;
}

class Verifier implements TokenVerifier {
  readonly #options: VerifierOptions;
  readonly #clock: Clock;
  readonly #fetch: Fetch;
  readonly #ttlMs: number;
  readonly #local: LocalOptions;
  /** Audience in Zitadel → what it is called on our side. */
  readonly #names: ReadonlyMap<string, string>;
  readonly #audienceKey: string;
  readonly #places: Places;
  /** Answers of Zitadel, and our own refusals. */
  readonly #answers: BoundedCache<Verification>;
  /** JWTs whose signature is proved; whether they are live is asked each time. */
  readonly #proved: BoundedCache<TokenClaims>;
  readonly #pending = new Map<string, Pending>();

  constructor(options: VerifierOptions, audiences: ReadonlyMap<string, string>) {
    const clock = options.clock ?? systemClock;
    const size = options.cacheSize ?? 10_000;
    this.#options = options;
    this.#clock = clock;
    this.#ttlMs = options.ttlMs ?? defaultTtlMs;
    this.#fetch = options.http.fetch;
    this.#local = {
      issuer: options.issuer,
      audiences: new Set(audiences.keys()),
      algorithms: new Set(options.algorithms ?? ['RS256']),
      keys: createKeySet({ url: `${options.issuer}/oauth/v2/keys`, fetch: this.#fetch, clock }),
      clock,
    };
    this.#names = audiences;
    this.#audienceKey = JSON.stringify([...audiences].sort());
    const misses = new MissLimit({ ...(options.missesPerSource ?? { perSecond: 20, burst: 50 }), clock });
    this.#places = new Places(options.concurrency ?? 64, misses);
    this.#answers = new BoundedCache(size, clock);
    this.#proved = new BoundedCache(size, clock);
  }

  async verify(secret: string | Secret<string>, options: VerifyOptions = {}): Promise<Verification> {
    options.signal?.throwIfAborted();
    const token = secret instanceof Secret ? secret.expose() : secret;
    // Before hashing: an oversized token is not worth it.
    const parsed = readCompact(token);
    if (parsed.kind !== 'jwt' && parsed.kind !== 'opaque') return no(parsed.kind);
    const key = createHash('sha256').update(token).update('\n').update(this.#audienceKey).digest('base64url');

    const known = this.#answers.get(key);
    if (known) return this.#unlessRevoked(known);
    let claims = this.#proved.get(key);
    if (parsed.kind === 'jwt' && !claims) {
      const check = await checkLocally(token, parsed, this.#local, options.signal);
      if ('reason' in check) return no(check.reason);
      claims = check.claims;
      this.#proved.set(key, claims, claims.expiresAt);
    }
    if (claims) {
      if (this.#isRevoked(claims)) return no('revoked');
      if (this.#needsNoQuestion(claims)) return this.#yes(claims);
    }
    return await this.#ask(key, token, claims, options);
  }

  #yes(claims: TokenClaims): Verification {
    const audiences = claims.audience.flatMap((id) => this.#names.get(id) ?? []);
    return { active: true, subject: claims.subject, audiences: [...new Set(audiences)], claims };
  }

  /** Whether the feed knows all that could have revoked this token. */
  #needsNoQuestion(claims: TokenClaims): boolean {
    const { revocations } = this.#options;
    return revocations !== undefined && revocations.ageMs() <= this.#ttlMs && !revocations.doubtful?.(claims);
  }

  /** One question a token, however many wait for its answer. A caller's signal ends its own wait only. */
  async #ask(
    key: string,
    token: string,
    claims: TokenClaims | undefined,
    options: VerifyOptions,
  ): Promise<Verification> {
    let pending = this.#pending.get(key);
    if (!pending) {
      const release = this.#places.take({ proved: claims !== undefined, source: options.source });
      const answer = this.#introspect(key, token, claims, options).finally(() => {
        this.#pending.delete(key);
        release();
      });
      pending = { answer, waiting: 0 };
      this.#pending.set(key, pending);
    }
    if (pending.waiting >= (this.#options.joiners ?? 1_000)) throw busy('Too many wait for the same token.');
    pending.waiting += 1;
    try {
      return await waitFor(pending.answer, options.signal);
    } finally {
      pending.waiting -= 1;
    }
  }

  async #introspect(
    key: string,
    token: string,
    claims: TokenClaims | undefined,
    { priority = 'high' }: VerifyOptions,
  ): Promise<Verification> {
    const asked = this.#clock.now();
    const raw = await introspect(
      token,
      { ...this.#options, fetch: this.#fetch, clock: this.#clock },
      { priority, signal: AbortSignal.timeout(10_000) },
    );
    const answer = raw === undefined ? no('inactive') : this.#read(raw, claims);
    // From when it was asked: a revocation during the call would otherwise be seen late.
    const until = asked + (answer.active ? this.#ttlMs : Math.min(inactiveMs, this.#ttlMs));
    this.#answers.set(key, answer, answer.active ? Math.min(until, answer.claims.expiresAt) : until);
    return this.#unlessRevoked(answer);
  }

  /** Zitadel's yes still has to be about this issuer, this audience and this user. */
  #read(raw: Readonly<Record<string, unknown>>, local: TokenClaims | undefined): Verification {
    if (raw.iss !== undefined && raw.iss !== this.#options.issuer) return no('issuer');
    if (!audienceOf(raw.aud).some((audience) => this.#local.audiences.has(audience))) return no('audience');
    const claims = readClaims(raw, this.#options.issuer);
    if (!claims || (local && local.subject !== claims.subject)) return no('inactive');
    if (claims.expiresAt + skewMs <= this.#clock.now()) return no('expired');
    return this.#yes(claims);
  }

  #unlessRevoked(answer: Verification): Verification {
    return answer.active && this.#isRevoked(answer.claims) ? no('revoked') : answer;
  }

  #isRevoked({ subject, session, issuedAt }: TokenClaims): boolean {
    return this.#options.revocations?.denied({ subject, session, issuedAt }) ?? false;
  }
}

function audienceNames(audience: VerifierOptions['audience']): ReadonlyMap<string, string> {
  if (typeof audience === 'string') return new Map([[audience, audience]]);
  if (Array.isArray(audience)) return new Map(audience.map((id: string) => [id, id]));
  return new Map(Object.entries(audience));
}

function no(reason: InactiveReason): Verification {
  return { active: false, reason };
}

function waitFor<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
