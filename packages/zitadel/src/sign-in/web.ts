import { type Clock, DrawbridgeError, readText, Secret, systemClock } from '@drawbridge/kit';
import { createProvider, type Provider, type ProviderOptions } from './provider.ts';
import { createTokenCalls, type TokenCalls } from './token-calls.ts';
import { readTokens, requireSubject, type SignedIn, type TokenAnswer } from './tokens.ts';
import { translateSignInError } from './translate.ts';

/** Which issuer the users of a web application sign in at, as which application. */
export interface WebSignInOptions extends ProviderOptions {
  readonly clock?: Clock;
}

/** A sign-in that has begun. */
export interface BegunSignIn {
  /** Where to send the browser. */
  readonly url: string;
  /** Comes back in the callback: by it the application finds what it kept. */
  readonly state: string;
  /** What {@link WebSignIn.finish} needs; it stays on the server. */
  readonly kept: Secret;
}

/** Who signed in, with the session that Zitadel keeps of it. */
export interface WebSignedIn extends SignedIn {
  /** `sid` of the id_token: a logout token names it. Absent where the issuer keeps no session. */
  readonly session?: string;
}

/** Signing in to a web application whose server keeps the tokens: none of them ever reaches the browser. */
export interface WebSignIn extends TokenCalls {
  readonly issuer: string;
  readonly clientId: string;
  /**
   * Begins: authorization code with PKCE (S256), state and nonce.
   *
   * @param redirectUri has to be one of the application's
   * @param scope space-separated; `openid` has to be in it
   * @param options.prompt `login` asks for credentials even where a session is there, `select_account` which one to use
   * @throws {DrawbridgeError} why the issuer was not reached
   */
  begin(
    redirectUri: string,
    scope: string,
    options?: { readonly prompt?: 'login' | 'select_account' },
  ): Promise<BegunSignIn>;
  /**
   * Ends it: the callback's state, `iss` and code are checked, and the id_token with its signature and nonce.
   *
   * @param query of the callback, as it came
   * @throws {DrawbridgeError} `sign_in_denied`, `sign_in_failed`, `sign_in_not_permitted`, or why nothing came
   */
  finish(query: URLSearchParams, begun: Pick<BegunSignIn, 'state' | 'kept'>): Promise<WebSignedIn>;
  /**
   * Ends the session at the issuer itself, so that the next sign-in asks again. From server to server: the id_token does
   * not travel in an address, as it would through the browser.
   *
   * @throws {DrawbridgeError} `sign_out_failed`, or why the issuer was not reached
   */
  endSession(idToken: Secret): Promise<void>;
}

/**
 * Makes the sign-in of a web application. Nothing goes over the wire before the first call.
 *
 * @throws {DrawbridgeError} `insecure_url`
 * @see RFC 9700, OpenID Connect Core 1.0 section 3.1, OpenID Connect RP-Initiated Logout 1.0
 * @example
 * ```ts
 * import { createHttpClient, Secret } from '@drawbridge/kit';
 * import { createWebSignIn } from '@drawbridge/zitadel';
 *
 * const http = createHttpClient();
 * const signIn = createWebSignIn({
 *   issuer: 'https://sso.acme.example',
 *   clientId: '322012',
 *   clientSecret: new Secret(process.env.CLIENT_SECRET ?? ''),
 *   http,
 * });
 * const begun = await signIn.begin('https://console.acme.example/callback', 'openid profile email');
 * console.log(begun.url); // the browser goes there and comes back with a query
 * const { subject } = await signIn.finish(new URLSearchParams('code=…&state=…'), begun);
 * console.log(subject);
 * await http.close();
 * ```
 */
export function createWebSignIn(options: WebSignInOptions): WebSignIn {
  const { issuer, clientId, http, clock = systemClock } = options;
  const provider = createProvider(options);
  return {
    ...createTokenCalls(issuer, provider, clock),
    issuer,
    clientId,

    async begin(redirectUri, scope, { prompt } = {}) {
      const { oidc, config } = await provider();
      const verifier = oidc.randomPKCECodeVerifier();
      const state = oidc.randomState();
      const nonce = oidc.randomNonce();
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(prompt === undefined ? {} : { prompt }),
      });
      return { url: url.href, state, kept: new Secret(JSON.stringify({ verifier, nonce, redirectUri })) };
    },

    finish: async (query, begun) => await finish(await provider(), query, begun, clock),

    async endSession(idToken) {
      const { config } = await provider();
      const endpoint = config.serverMetadata().end_session_endpoint;
      if (endpoint === undefined) throw new DrawbridgeError('sign_out_failed', { where: issuer });
      const response = await http.fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ id_token_hint: idToken.expose(), client_id: clientId }).toString(),
        // It answers with where the browser would go now; ours goes elsewhere.
        redirect: 'manual',
      });
      await readText(response);
      if (response.status >= 400)
        throw new DrawbridgeError('sign_out_failed', { where: endpoint, saw: String(response.status) });
    },
  };
}

async function finish(
  { oidc, config }: Provider,
  query: URLSearchParams,
  { state, kept }: Pick<BegunSignIn, 'state' | 'kept'>,
  clock: Clock,
): Promise<WebSignedIn> {
  const { verifier, nonce, redirectUri } = JSON.parse(kept.expose()) as Record<string, string>;
  const callback = new URL(redirectUri ?? '');
  callback.search = query.toString();
  try {
    const asked = clock.now();
    const answer: TokenAnswer = await oidc.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier: verifier ?? '',
      expectedState: state,
      expectedNonce: nonce ?? '',
      idTokenExpected: true,
    });
    const session = answer.claims()?.sid;
    return {
      ...requireSubject(readTokens(answer, asked)),
      ...(typeof session === 'string' && session !== '' ? { session } : {}),
    };
  } catch (error) {
    throw translateSignInError(error, config.serverMetadata().issuer);
  }
}
