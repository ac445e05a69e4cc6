import {
  clientCertificate,
  type DrawbridgeError,
  type Logger,
  type Metrics,
  noMetrics,
  Secret,
  silentLogger,
} from '@drawbridge/kit';
import type { FastifyRequest } from 'fastify';
import type { TokenReviewer } from '../../token-review/index.ts';
import { StatusError, unauthorized } from '../wire/index.ts';
import type { Caller } from './caller.ts';
import { type FrontProxyTrust, namesSomebody } from './front-proxy.ts';
import { readRemoteUser } from './remote-headers.ts';

/** Whose word is taken for who calls. */
export interface AuthenticatorOptions {
  /** The present trust in kube-apiserver; absent where nobody stands in front. */
  readonly frontProxy?: () => FrontProxyTrust;
  /** What tells whose a token is; absent where tokens are not taken. */
  readonly tokens?: TokenReviewer;
  /** Takes the user name for the id where kube-apiserver sends none (before 1.33). Default false. */
  readonly uidFromUsername?: boolean;
  readonly logger?: Logger;
  readonly metrics?: Metrics;
}

/** Tells who calls. */
export interface Authenticator {
  /**
   * @throws {StatusError} `unauthenticated` for nobody, `headers_too_large`, `forbidden` for somebody who would be another
   * @throws {DrawbridgeError} why Zitadel could not be asked about a token
   */
  authenticate(request: FastifyRequest, signal: AbortSignal): Promise<Caller>;
}

const component = 'apiserver';

/**
 * Makes what tells who calls: the front proxy by its certificate says for whom, or a token says it itself. Headers that name
 * somebody count for nothing on any other connection, and are noted.
 */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { frontProxy, tokens, uidFromUsername = false, logger = silentLogger, metrics = noMetrics } = options;
  const refuse = (request: FastifyRequest, reason: string, error: DrawbridgeError = unauthorized()) => {
    metrics.count('drawbridge_identity_api_refused_total', { reason });
    logger.warn({ component, code: reason, request_id: request.id }, 'a caller was refused');
    return error;
  };

  const fromFrontProxy = (request: FastifyRequest, trust: FrontProxyTrust): Caller => {
    const read = readRemoteUser(request.raw.rawHeaders, trust);
    if ('fault' in read)
      throw refuse(request, read.fault, read.fault === 'too_large' ? tooLarge() : unauthorized());
    const { caller } = read;
    if (caller.uid !== '' || !uidFromUsername || caller.username.startsWith('system:')) return caller;
    return { ...caller, uid: caller.username };
  };

  const fromToken = async (request: FastifyRequest, reviewer: TokenReviewer, signal: AbortSignal) => {
    const token = bearerOf(request);
    if (token === undefined) throw refuse(request, 'no_credential');
    if (request.raw.rawHeaders.some((name, at) => at % 2 === 0 && /^impersonate-/i.test(name)))
      throw refuse(request, 'impersonation', impersonation());
    const status = await reviewer.review(
      { token: token.expose(), audiences: [] },
      { signal, source: request.ip },
    );
    if (!status.authenticated) throw refuse(request, 'token_refused');
    return { ...status.user, source: 'bearer' } as const;
  };

  return {
    async authenticate(request, signal) {
      const trust = frontProxy?.();
      const name = clientCertificate(request)?.commonName;
      if (trust !== undefined && name !== undefined && trust.allowedNames.includes(name))
        return fromFrontProxy(request, trust);
      if (request.raw.rawHeaders.some((header, at) => at % 2 === 0 && namesSomebody(header, trust)))
        refuse(request, name === undefined ? 'headers_without_certificate' : 'certificate_not_allowed');
      if (tokens === undefined) throw refuse(request, 'no_front_proxy');
      return await fromToken(request, tokens, signal);
    },
  };
}

function bearerOf({ raw }: FastifyRequest): Secret<string> | undefined {
  const lines = raw.headersDistinct.authorization ?? [];
  const [, token] = /^Bearer +(\S+)$/i.exec(lines.length === 1 ? (lines[0] ?? '').trim() : '') ?? [];
  return token === undefined ? undefined : new Secret(token);
}

function tooLarge(): StatusError {
  return new StatusError('headers_too_large', 'the headers that name the user are larger than allowed');
}

/** To ignore it would be worse: who asks to act as another would act on their own things instead. */
function impersonation(): StatusError {
  return new StatusError(
    'forbidden',
    "forbidden: impersonation is kube-apiserver's to decide, and is not taken from a caller directly",
  );
}
