import { type Clock, systemClock } from '@drawbridge/kit';
import { type BrowserSignInOptions, signInByBrowser } from './browser.ts';
import { type DeviceSignInOptions, signInByDevice } from './device.ts';
import { createProvider, type ProviderOptions } from './provider.ts';
import { createTokenCalls, type TokenCalls } from './token-calls.ts';
import type { SignedIn } from './tokens.ts';

/** Which issuer people sign in at, as which application, for what. */
export interface SignInOptions extends ProviderOptions {
  /** Space-separated. Default `openid profile email offline_access`; `openid` is always sent. */
  readonly scope?: string;
  readonly clock?: Clock;
}

/** How people sign in at one issuer as one application, and what is done with their tokens afterwards. */
export interface SignIn extends TokenCalls {
  readonly issuer: string;
  readonly clientId: string;
  /** By a code that is entered in a browser anywhere. @throws {DrawbridgeError} see {@link signInByDevice} */
  byDevice(options: DeviceSignInOptions): Promise<SignedIn>;
  /** By a browser of this machine. @throws {DrawbridgeError} see {@link signInByBrowser} */
  byBrowser(options: BrowserSignInOptions): Promise<SignedIn>;
}

/**
 * Makes the sign-in for people. Nothing goes over the wire before the first call. There is no implicit and no password
 * grant here.
 *
 * @throws {DrawbridgeError} `insecure_url`
 * @example
 * ```ts
 * import { createHttpClient } from '@drawbridge/kit';
 * import { createSignIn } from '@drawbridge/zitadel';
 *
 * const http = createHttpClient();
 * const signIn = createSignIn({ issuer: 'https://sso.acme.example', clientId: '322011', http });
 * const { subject } = await signIn.byDevice({
 *   prompt: ({ verificationUri, userCode, warning }) => {
 *     console.error(`Open ${verificationUri}\nand enter ${userCode}\n${warning}`);
 *   },
 * });
 * console.log(subject);
 * await http.close();
 * ```
 */
export function createSignIn(options: SignInOptions): SignIn {
  const { issuer, clientId, clock = systemClock } = options;
  const provider = createProvider(options);
  const scope = withOpenid(options.scope ?? 'openid profile email offline_access');
  return {
    ...createTokenCalls(issuer, provider, clock),
    issuer,
    clientId,
    byDevice: async (how) => signInByDevice(await provider(), scope, clock, how),
    byBrowser: async (how) => signInByBrowser(await provider(), scope, clock, how),
  };
}

/** The scope with `openid` in it, nothing twice. */
function withOpenid(scope: string): string {
  const words = scope.split(/\s+/).filter((word) => word !== '');
  return [...new Set(['openid', ...words])].join(' ');
}
