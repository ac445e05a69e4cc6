import { type Clock, DrawbridgeError } from '@drawbridge/kit';
import { listenForCallback } from './callback-server.ts';
import type { Provider } from './provider.ts';
import { readTokens, requireSubject, type SignedIn, type TokenAnswer } from './tokens.ts';
import { translateSignInError } from './translate.ts';

/** What the sign-in in a browser needs from the one who runs it. */
export interface BrowserSignInOptions {
  /** Opens the address in a browser of this machine, or shows it. */
  readonly open: (url: string) => void | Promise<void>;
  /** Path of the redirect address; `http://127.0.0.1{path}` has to be one of the application's. Default `/callback`. */
  readonly path?: string;
  /** How long the person may take, in milliseconds. Default 300,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Signs somebody in in a browser of this machine: authorization code with PKCE (S256), state and nonce, back to a
 * loopback address with a port of the system's choosing. The response's `iss` is checked where the server sends one, and
 * has to be there where it says that it does.
 *
 * @throws {DrawbridgeError} `sign_in_denied`, `sign_in_expired`, `sign_in_failed`, `sign_in_not_permitted`, `canceled`
 * @see RFC 8252, RFC 7636, RFC 9207
 */
export async function signInByBrowser(
  { oidc, config }: Provider,
  scope: string,
  clock: Clock,
  options: BrowserSignInOptions,
): Promise<SignedIn> {
  const where = config.serverMetadata().issuer;
  const verifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const expectedNonce = oidc.randomNonce();
  const server = await listenForCallback(options.path ?? '/callback', expectedState);
  const waiting = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, waiting.signal]) : waiting.signal;
  try {
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: server.redirectUri,
      scope,
      state: expectedState,
      nonce: expectedNonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    await options.open(url.href);
    const late = clock.sleep(options.timeoutMs ?? 300_000, signal).then(
      () => {
        throw new DrawbridgeError('sign_in_expired', { where });
      },
      (error: unknown) => {
        throw new DrawbridgeError('canceled', { message: 'The sign-in was canceled.', where, cause: error });
      },
    );
    const callback = await Promise.race([server.arrived, late]);
    late.catch(() => undefined); // it ends with the signal below
    let ok = false;
    try {
      const asked = clock.now();
      const answer: TokenAnswer = await oidc.authorizationCodeGrant(config, callback.url, {
        pkceCodeVerifier: verifier,
        expectedState,
        expectedNonce,
        idTokenExpected: true,
      });
      const signedIn = requireSubject(readTokens(answer, asked));
      ok = true;
      return signedIn;
    } catch (error) {
      throw translateSignInError(error, where);
    } finally {
      await callback.answer(ok);
    }
  } finally {
    waiting.abort();
    await server.close();
  }
}
