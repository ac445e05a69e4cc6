import { type Clock, DrawbridgeError, isTransient } from '@drawbridge/kit';
import type { Provider } from './provider.ts';
import { readTokens, requireSubject, type SignedIn, type TokenAnswer } from './tokens.ts';
import { oauthErrorOf, translateSignInError } from './translate.ts';

/** What to show the person. The device code is not in it: whoever has that gets the tokens. */
export interface DevicePrompt {
  /** To be shown apart from the address: typing it is what makes a person look at what they let in. */
  readonly userCode: string;
  /** Where to enter it. */
  readonly verificationUri: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** To be shown as well (RFC 8628 section 5.4). */
  readonly warning: string;
}

/** What the device flow needs from the one who runs it. */
export interface DeviceSignInOptions {
  /** Shows the code and where to enter it. */
  readonly prompt: (prompt: DevicePrompt) => void;
  readonly signal?: AbortSignal;
}

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
const warning =
  'Enter this code only if you started this sign-in yourself just now. Nobody else has a reason to ask you for it.';
const defaultIntervalSeconds = 5;
/** However long a server wants a code to live. */
const longestMs = 1_800_000;

/**
 * Signs somebody in who has a browser elsewhere. Polls no faster than the server says, five seconds slower for good each
 * time it says `slow_down`, twice as slow after each connection that failed, and not beyond the code's end.
 *
 * @throws {DrawbridgeError} `sign_in_denied`, `sign_in_expired`, `sign_in_failed`, `sign_in_not_permitted`, `canceled`
 * @see RFC 8628
 */
export async function signInByDevice(
  { oidc, config }: Provider,
  scope: string,
  clock: Clock,
  options: DeviceSignInOptions,
): Promise<SignedIn> {
  const where = config.serverMetadata().token_endpoint ?? config.serverMetadata().issuer;
  // Zitadel ignores it today; a server that supports it binds the code to this process.
  const verifier = config.serverMetadata().supportsPKCE() ? oidc.randomPKCECodeVerifier() : undefined;
  const began = clock.now();
  const begun = await oidc
    .initiateDeviceAuthorization(config, {
      scope,
      ...(verifier === undefined
        ? {}
        : {
            code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
            code_challenge_method: 'S256',
          }),
    })
    .catch((error: unknown) => {
      throw translateSignInError(error, where);
    });
  const expiresAt = began + Math.min(begun.expires_in * 1_000, longestMs);
  options.prompt({ ...readPrompt(begun.user_code, begun.verification_uri, where), expiresAt, warning });

  let intervalMs = Math.max(1, begun.interval ?? defaultIntervalSeconds) * 1_000;
  for (;;) {
    if (clock.now() + intervalMs >= expiresAt) {
      await pause(clock, Math.max(0, expiresAt - clock.now()), options.signal, where);
      throw new DrawbridgeError('sign_in_expired', { where });
    }
    await pause(clock, intervalMs, options.signal, where);
    const asked = clock.now();
    try {
      const answer: TokenAnswer = await oidc.genericGrantRequest(config, grantType, {
        device_code: begun.device_code,
        ...(verifier === undefined ? {} : { code_verifier: verifier }),
      });
      return requireSubject(readTokens(answer, asked));
    } catch (error) {
      const answered = oauthErrorOf(error);
      if (answered === 'authorization_pending') continue;
      if (answered === 'slow_down') {
        intervalMs += 5_000;
        continue;
      }
      const own = translateSignInError(error, where);
      if (!isTransient(own)) throw own;
      intervalMs *= 2;
    }
  }
}

async function pause(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  where: string,
): Promise<void> {
  try {
    await clock.sleep(ms, signal);
  } catch (error) {
    throw new DrawbridgeError('canceled', { message: 'The sign-in was canceled.', where, cause: error });
  }
}

/** Both go to a terminal: nothing of a server's choosing but a plain code and a web address may. */
function readPrompt(
  userCode: string,
  uri: string,
  where: string,
): { readonly userCode: string; readonly verificationUri: string } {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (!/^[A-Za-z0-9-]{4,32}$/.test(userCode) || !url || !/^https?:$/.test(url.protocol)) {
    throw new DrawbridgeError('invalid_response', {
      message: 'The server sent a code or an address that cannot be shown to a person.',
      where,
    });
  }
  return { userCode, verificationUri: url.href };
}
