import { type Clock, DrawbridgeError, type Fetch, readText, Secret, systemClock } from '@drawbridge/kit';
import type { ClientCredentials, ServiceAccount } from '../credentials/index.ts';
import { translateAnswer, ZitadelError } from '../transport/index.ts';
import { signAssertion } from './assertion.ts';
import { describeClockSkew } from './clock-skew.ts';

/** What Zitadel needs in a scope so that the token may call its API. Machine tokens have no audience otherwise. */
export const apiScope = 'openid urn:zitadel:iam:org:project:id:zitadel:aud';

const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const largestToken = 16 * 1024;

/** An access token and when this machine's clock says that it ends. */
export interface IssuedToken {
  readonly token: Secret<string>;
  /** Milliseconds since the epoch; Infinity for a personal access token. */
  readonly expiresAt: number;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
}

/** Which token endpoint is asked, and for what. */
export interface TokenRequestOptions {
  readonly issuer: string;
  readonly fetch: Fetch;
  readonly scope?: string;
  readonly clock?: Clock;
  readonly newJti?: () => string;
  readonly signal?: AbortSignal;
}

/**
 * Asks the token endpoint once.
 *
 * @throws {DrawbridgeError} `key_expired`, `credentials_refused`, `zitadel_failed` (also what 4.13 answers to a bad
 * assertion), `instance_not_found`, `invalid_response`, and the HTTP client's errors
 * @see RFC 7523 section 2.1, RFC 6749 section 4.4
 */
export async function requestToken(
  credentials: ServiceAccount | ClientCredentials,
  options: TokenRequestOptions,
): Promise<IssuedToken> {
  const clock = options.clock ?? systemClock;
  const issuedAt = clock.now();
  refuseExpired(credentials, issuedAt);
  const url = `${options.issuer}/oauth/v2/token`;
  const { form, headers } = await present(credentials, options);
  const response = await options.fetch(url, {
    method: 'POST',
    headers: { ...headers, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    priority: 'high',
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const body = await readText(response);
  if (response.status !== 200) {
    const error = translateAnswer({ status: response.status, headers: response.headers, body, where: url });
    throw explain(error, response.headers, clock.now());
  }
  return { ...parseTokenAnswer(body, url, issuedAt), issuedAt };
}

function refuseExpired(credentials: ServiceAccount | ClientCredentials, now: number): void {
  if (credentials.type !== 'service-account' || credentials.expiresAt === undefined) return;
  if (credentials.expiresAt > now) return;
  throw new DrawbridgeError('key_expired', {
    message: `The service-account key ${credentials.keyId} expired at ${new Date(credentials.expiresAt).toISOString()}.`,
  });
}

async function present(
  credentials: ServiceAccount | ClientCredentials,
  options: TokenRequestOptions,
): Promise<{ readonly form: URLSearchParams; readonly headers: Record<string, string> }> {
  const scope = options.scope ?? apiScope;
  if (credentials.type === 'client-credentials') {
    return {
      form: new URLSearchParams({ grant_type: 'client_credentials', scope }),
      headers: { authorization: basic(credentials.clientId, credentials.clientSecret) },
    };
  }
  const assertion = await signAssertion(credentials, credentials.userId, options);
  return {
    form: new URLSearchParams({ grant_type: jwtBearer, assertion: assertion.expose(), scope }),
    headers: {},
  };
}

/** RFC 6749 section 2.3.1: both halves are form-encoded first. */
export function basic(id: string, secret: Secret<string>): string {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret.expose())}`).toString('base64')}`;
}

/** A refusal is the credential's; the clock is the usual suspect, so its difference is told. */
function explain(error: DrawbridgeError, headers: Headers, now: number): DrawbridgeError {
  if (!(error instanceof ZitadelError)) return error;
  const why = describeClockSkew(headers, now);
  const refused = error.status !== undefined && error.status >= 400 && error.status < 500;
  const keep =
    error.code === 'rate_limited' || error.code === 'instance_not_found' || error.code === 'timeout';
  return new ZitadelError(refused && !keep ? 'credentials_refused' : error.code, {
    ...(error.code === 'instance_not_found' ? { message: error.message } : {}),
    ...(error.where === undefined ? {} : { where: error.where }),
    ...(error.saw === undefined ? {} : { saw: error.saw }),
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
    ...(why ? { why } : error.why === undefined ? {} : { why: error.why }),
    ...(why && refused && !keep
      ? { fix: 'Set the clock (NTP); Zitadel accepts assertions by its own.' }
      : {}),
    id: error.id,
    grpcCode: error.grpcCode,
    status: error.status,
  });
}

function parseTokenAnswer(
  body: string,
  where: string,
  issuedAt: number,
): Pick<IssuedToken, 'token' | 'expiresAt'> {
  const bad = (message: string) =>
    new DrawbridgeError('invalid_response', { message, where, saw: `${body.length} characters` });
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    // No cause: a JSON error quotes its input, which may hold the token.
    throw bad('The token endpoint did not answer with JSON.');
  }
  if (typeof answer !== 'object' || answer === null) throw bad('The token endpoint answered with no object.');
  const { access_token: token, token_type: type, expires_in: life } = answer as Record<string, unknown>;
  if (typeof token !== 'string' || token === '' || token.length > largestToken || /\s/.test(token)) {
    throw bad('The token endpoint answered without a usable access token.');
  }
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    throw bad('The token endpoint answered with a token that is no bearer token.');
  }
  if (typeof life !== 'number' || !Number.isFinite(life) || life <= 0) {
    throw bad('The token endpoint did not say how long the token lives.');
  }
  return { token: new Secret(token), expiresAt: issuedAt + life * 1_000 };
}
