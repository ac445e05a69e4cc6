import {
  Budget,
  type Clock,
  DrawbridgeError,
  type Fetch,
  isTransient,
  type Logger,
  type Metrics,
  noMetrics,
  retry,
  type Secret,
  silentLogger,
  systemClock,
} from '@drawbridge/kit';
import {
  type Credentials,
  parseServiceAccount,
  readKeyFile,
  type ServiceAccountFile,
  watchServiceAccount,
} from '../credentials/index.ts';
import { ZitadelError } from '../transport/index.ts';
import { type IssuedToken, requestToken } from './endpoint.ts';

/** Whose tokens, for which instance. */
export interface TokenSourceOptions {
  readonly issuer: string;
  readonly credentials: Credentials | ServiceAccountFile;
  readonly fetch: Fetch;
  readonly scope?: string;
  /** Admission to the token endpoint. Default 3 a second, bursts of 5. */
  readonly budget?: Budget;
  /** How often a key file is looked at, in milliseconds. Default 10,000. */
  readonly watchMs?: number;
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly logger?: Logger;
  /** Counts tokens, and says how long the key of a service account has left. */
  readonly metrics?: Metrics;
}

/** Gives the access token for Zitadel's API to whoever needs it. */
export interface TokenSource {
  /**
   * The present token. Any number of callers share one request for a new one; a caller's signal ends only its own wait.
   *
   * @throws {DrawbridgeError} `credentials_refused`, `key_expired`, `invalid_key_file`, or why Zitadel was not reached
   */
  get(options?: { readonly signal?: AbortSignal }): Promise<Secret<string>>;
  /** Says that Zitadel refused this token. If it is still the present one, the next `get` fetches another. */
  invalidate(refused: Secret<string>): void;
  /** The user id of a service account; undefined for other credentials, which do not hold it. */
  userId(): Promise<string | undefined>;
  /** Ends the watch of the key file. */
  close(): void;
}

/** A token is not handed out when it ends within this time: the call has to arrive before. */
const marginMs = 10_000;
/** Tries of one refresh: a brand-new key is unknown to Zitadel's projection for a moment. */
const attempts = 4;

/**
 * Makes a token source. Tokens are renewed in the background once four fifths of their life are over, and while the
 * renewal fails the old token serves as long as it is valid. It is never logged and in no error.
 *
 * A new key in the file is used only after it brought a token; until then the former one stays.
 *
 * @see RFC 7523
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  return new CachingTokenSource(options);
}

class CachingTokenSource implements TokenSource {
  readonly #options: TokenSourceOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  readonly #budget: Budget;
  readonly #closed = new AbortController();
  #credentials: Credentials | undefined;
  #loading: Promise<Credentials> | undefined;
  #current: IssuedToken | undefined;
  #refreshing: Promise<IssuedToken> | undefined;
  #failures = 0;
  #renewNotBefore = 0;

  constructor(options: TokenSourceOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#metrics = options.metrics ?? noMetrics;
    this.#budget = options.budget ?? new Budget({ perSecond: 3, burst: 5, clock: this.#clock });
    if (options.credentials.type !== 'service-account-file') this.#credentials = options.credentials;
  }

  async get({ signal }: { readonly signal?: AbortSignal } = {}): Promise<Secret<string>> {
    signal?.throwIfAborted();
    const { credentials } = this.#options;
    if (credentials.type === 'personal-access-token') return credentials.token;
    const current = this.#current;
    const now = this.#clock.now();
    if (current && current.expiresAt - marginMs > now) {
      if (now >= renewAt(current) && now >= this.#renewNotBefore) this.#renewInBackground();
      return current.token;
    }
    const { token } = await abandonable(this.#refresh(), signal);
    return token;
  }

  invalidate(refused: Secret<string>): void {
    if (this.#current?.token.expose() === refused.expose()) this.#current = undefined;
  }

  async userId(): Promise<string | undefined> {
    const credentials = await this.#load();
    return credentials.type === 'service-account' ? credentials.userId : undefined;
  }

  close(): void {
    this.#closed.abort();
  }

  #renewInBackground(): void {
    if (this.#refreshing !== undefined) return;
    this.#refresh().catch((caught: unknown) => {
      const waitMs = Math.min(60_000, 1_000 * 2 ** this.#failures);
      this.#failures += 1;
      this.#renewNotBefore = this.#clock.now() + waitMs;
      this.#logger.warn(
        { instance: this.#options.issuer, code: DrawbridgeError.from(caught).code, err: caught },
        'the access token could not be renewed; the present one still serves',
      );
    });
  }

  /** One refresh at a time, for whoever waits. It has its own deadline and is no caller's to cancel. */
  #refresh(): Promise<IssuedToken> {
    this.#refreshing ??= this.#fetchToken().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #fetchToken(): Promise<IssuedToken> {
    const instance = this.#options.issuer;
    try {
      const credentials = await this.#load();
      this.#tellKeyLife(credentials);
      const issued = await this.#request(credentials);
      this.#current = issued;
      this.#failures = 0;
      this.#metrics.count('drawbridge_token_refreshes_total', { instance, outcome: 'ok' });
      return issued;
    } catch (error) {
      const outcome = DrawbridgeError.from(error).code;
      this.#metrics.count('drawbridge_token_refreshes_total', { instance, outcome });
      throw error;
    }
  }

  /** Told before the token is asked for: of a key that has ended as well. */
  #tellKeyLife(credentials: Credentials): void {
    if (credentials.type !== 'service-account' || credentials.expiresAt === undefined) return;
    const days = (credentials.expiresAt - this.#clock.now()) / 86_400_000;
    this.#metrics.set('drawbridge_key_left_days', { instance: this.#options.issuer }, days);
  }

  async #request(credentials: Credentials): Promise<IssuedToken> {
    if (credentials.type === 'personal-access-token') {
      return { token: credentials.token, expiresAt: Number.POSITIVE_INFINITY, issuedAt: this.#clock.now() };
    }
    const { clock, options } = { clock: this.#clock, options: this.#options };
    try {
      return await retry(
        async () => {
          await this.#budget.take('high', this.#closed.signal);
          return await requestToken(credentials, { ...options, clock, signal: this.#closed.signal });
        },
        {
          attempts,
          clock,
          signal: this.#closed.signal,
          retryable: worthAnotherTry,
          ...(options.random ? { random: options.random } : {}),
        },
      );
    } catch (error) {
      throw asRefusal(DrawbridgeError.from(error));
    }
  }

  async #load(): Promise<Credentials> {
    if (this.#credentials) return this.#credentials;
    this.#loading ??= this.#loadFile().finally(() => {
      this.#loading = undefined;
    });
    return await this.#loading;
  }

  async #loadFile(): Promise<Credentials> {
    const { credentials, watchMs } = this.#options;
    if (credentials.type !== 'service-account-file') return credentials;
    const text = await readKeyFile(credentials.path, { logger: this.#logger });
    const account = parseServiceAccount(text, credentials.path);
    this.#credentials = account;
    void watchServiceAccount(text, {
      path: credentials.path,
      prove: async (next) => {
        const issued = await this.#request(next);
        this.#credentials = next;
        this.#current = issued;
      },
      signal: this.#closed.signal,
      clock: this.#clock,
      logger: this.#logger,
      ...(watchMs === undefined ? {} : { everyMs: watchMs }),
    });
    return account;
  }
}

function renewAt(token: IssuedToken): number {
  return token.issuedAt + (token.expiresAt - token.issuedAt) * 0.8;
}

/** Besides transient failures: inner errors, and refusals, since a fresh key is unknown for a moment (projection lag). */
function worthAnotherTry(error: unknown): boolean {
  if (isTransient(error)) return true;
  return (
    error instanceof ZitadelError && (error.code === 'zitadel_failed' || error.code === 'credentials_refused')
  );
}

/** Zitadel 4.13 answers 500 `server_error` to a bad assertion; when it persists, it is that. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof ZitadelError) || error.code !== 'zitadel_failed') return error;
  if (!error.saw?.startsWith('server_error')) return error; // something in front of Zitadel
  return new ZitadelError('credentials_refused', {
    ...(error.where === undefined ? {} : { where: error.where }),
    ...(error.saw === undefined ? {} : { saw: error.saw }),
    why: error.why ?? 'Zitadel 4 answers with an inner error to an assertion that it does not accept.',
    id: error.id,
    grpcCode: error.grpcCode,
    status: error.status,
  });
}

/** Waits for a shared promise; the signal ends the wait, not the work. */
function abandonable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
