import { ManualClock } from '@drawbridge/kit';
import { SignJWT } from 'jose';
import { createSignIn, type SignInOptions } from '../../src/index.ts';
import { type Answer, fakeFetch, type Sent } from './fetch.ts';
import { jwkOf, rsaPair } from './keys.ts';

export const signInIssuer = 'https://sso.acme.example';
const clientId = '322011';
/** Never to be seen outside of requests. */
export const deviceCode = 'device-code-that-is-secret';

/** An issuer for people: discovery, keys, and a token endpoint that answers what a test says. */
export function oidcIssuer(options: Partial<SignInOptions> = {}) {
  const clock = new ManualClock(Date.now());
  const state = {
    discovery: {} as Record<string, unknown>,
    device: { expires_in: 300, interval: 5 } as Record<string, unknown>,
    token: (_form: URLSearchParams, _count: number): Answer | Promise<Answer> => pending(),
    revoke: (_form: URLSearchParams): Answer => ({ json: {} }),
    userinfo: (): Answer => ({ json: { sub: '7', name: 'Ada' } }),
  };
  const polls: number[] = [];
  const fetch = fakeFetch(async (sent: Sent) => {
    const form = new URLSearchParams(sent.body);
    switch (sent.path) {
      case '/.well-known/openid-configuration':
        return { json: { ...discovery(), ...state.discovery } };
      case '/oauth/v2/keys':
        return { json: { keys: [jwkOf(rsaPair().privateKey, 'k1')] } };
      case '/oauth/v2/device_authorization':
        return {
          json: {
            device_code: deviceCode,
            user_code: 'BCDF-GHJK',
            verification_uri: `${signInIssuer}/device`,
            verification_uri_complete: `${signInIssuer}/device?user_code=BCDF-GHJK`,
            ...state.device,
          },
        };
      case '/oauth/v2/token':
        polls.push(clock.now());
        return state.token(form, polls.length);
      case '/oauth/v2/revoke':
        return state.revoke(form);
      case '/oidc/v1/userinfo':
        return state.userinfo();
      default:
        throw new Error(`not expected: ${sent.path}`);
    }
  });
  const signIn = createSignIn({ issuer: signInIssuer, clientId, http: { fetch }, clock, ...options });
  return { clock, state, fetch, polls, signIn };
}

function discovery(): Record<string, unknown> {
  return {
    issuer: signInIssuer,
    authorization_endpoint: `${signInIssuer}/oauth/v2/authorize`,
    token_endpoint: `${signInIssuer}/oauth/v2/token`,
    device_authorization_endpoint: `${signInIssuer}/oauth/v2/device_authorization`,
    revocation_endpoint: `${signInIssuer}/oauth/v2/revoke`,
    userinfo_endpoint: `${signInIssuer}/oidc/v1/userinfo`,
    jwks_uri: `${signInIssuer}/oauth/v2/keys`,
    code_challenge_methods_supported: ['S256'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

export function oauthError(error: string, description = '', status = 400): Answer {
  return { status, json: { error, error_description: description } };
}

export function pending(): Answer {
  return oauthError('authorization_pending');
}

/** What the token endpoint answers to somebody who is let in. */
export async function tokens(
  changes: { readonly claims?: Record<string, unknown>; readonly answer?: Record<string, unknown> } = {},
  key = rsaPair().privateKey,
): Promise<Answer> {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { iss: signInIssuer, sub: '7', aud: [clientId], iat: now, exp: now + 43_200 };
  const idToken = await new SignJWT({ ...claims, preferred_username: 'ada', ...changes.claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'JWT' })
    .sign(key);
  return {
    json: {
      access_token: 'access-1',
      token_type: 'Bearer',
      expires_in: 43_199,
      refresh_token: 'refresh-1',
      id_token: idToken,
      ...changes.answer,
    },
  };
}
