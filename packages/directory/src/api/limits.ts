import { isIPv6 } from 'node:net';
import { type Clock, DrawbridgeError } from '@drawbridge/kit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Rate, TokenBuckets } from './token-buckets.ts';

/** How many requests are taken. */
export interface RequestLimits {
  /** Of `/auth` for each address. Default 3 a second, 5 at once. */
  readonly signIn: Rate;
  /** Of everything from one address, which may stand for a whole office. Default 200 a second, 1,000 at once. */
  readonly address: Rate;
  /** Requests that change nothing, for each caller. Default 50 a second, 200 at once. */
  readonly reads: Rate;
  /** Requests that change something, for each caller. Default 20 a second, 100 at once. */
  readonly writes: Rate;
}

const defaultRequestLimits: RequestLimits = Object.freeze({
  signIn: { perSecond: 3, burst: 5 },
  address: { perSecond: 200, burst: 1_000 },
  reads: { perSecond: 50, burst: 200 },
  writes: { perSecond: 20, burst: 100 },
});

export interface LimiterOptions {
  readonly clock: Clock;
  /** Limits that differ from the usual ones. */
  readonly limits?: Partial<RequestLimits>;
  /** Proxies in front of this server that add to `X-Forwarded-For`. Default 0: the header is anybody's and ignored. */
  readonly trustedProxies?: number;
}

type Lane = keyof RequestLimits;
const probes: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics']);

/**
 * Refuses callers that ask too often, each for itself, and tells all of them where they stand.
 *
 * @see draft-ietf-httpapi-ratelimit-headers-10 for `RateLimit-Policy` and `RateLimit`; RFC 6585 section 4 for 429
 */
export class RequestLimiter {
  readonly #limits: RequestLimits;
  readonly #buckets: Readonly<Record<Lane, TokenBuckets>>;
  readonly #trustedProxies: number;

  constructor({ clock, limits, trustedProxies = 0 }: LimiterOptions) {
    this.#limits = { ...defaultRequestLimits, ...limits };
    this.#trustedProxies = trustedProxies;
    const bucket = (lane: Lane) => new TokenBuckets(this.#limits[lane], clock);
    this.#buckets = {
      signIn: bucket('signIn'),
      address: bucket('address'),
      reads: bucket('reads'),
      writes: bucket('writes'),
    };
  }

  /** Limits every address, before anything else is done for it. Must be added before the routes' own hooks. */
  addTo(app: FastifyInstance): void {
    app.addHook('onRequest', (request, reply, done) => {
      try {
        const path = request.url.split('?')[0] ?? '';
        if (!probes.has(path)) {
          const address = this.#addressOf(request);
          this.#take('address', address, reply);
          // Zitadel tells of many sessions at once, and but once of each.
          if (path.startsWith('/auth/') && path !== '/auth/back-channel-logout')
            this.#take('signIn', address, reply);
        }
        done();
      } catch (error) {
        done(error as Error);
      }
    });
  }

  /** Counts a request of a caller who is known now. @throws {DrawbridgeError} `rate_limited` */
  count({ method }: Pick<FastifyRequest, 'method'>, reply: FastifyReply, subject: string): void {
    this.#take(method === 'GET' || method === 'HEAD' ? 'reads' : 'writes', subject, reply);
  }

  #take(lane: Lane, key: string, reply: FastifyReply): void {
    const { perSecond, burst } = this.#limits[lane];
    const taken = this.#buckets[lane].take(key);
    // Of several limits the last that was asked is told, or the one that refused: it is the nearest.
    const name = lane === 'signIn' ? 'sign-in' : lane;
    void reply.header('ratelimit-policy', `"${name}";q=${burst};w=${Math.ceil(burst / perSecond)}`);
    void reply.header('ratelimit', `"${name}";r=${taken.remaining};t=${taken.resetSeconds}`);
    if (taken.allowed) return;
    throw new DrawbridgeError('rate_limited', { retryAfterSeconds: taken.retryAfterSeconds });
  }

  #addressOf({ ip, headers }: FastifyRequest): string {
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    const told = this.#trustedProxies === 0 ? undefined : forwarded.at(-this.#trustedProxies)?.trim();
    return networkOf(told || ip);
  }
}

/** Whoever has one IPv6 address has 2^64 of them. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
