import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { ManualClock } from '@drawbridge/kit';
import { SignJWT } from 'jose';
import {
  type ApplicationKey,
  createVerifier,
  parseApplicationKey,
  type VerifierOptions,
} from '../../src/index.ts';
import { type Answer, fakeFetch, type Sent } from './fetch.ts';
import { jwkOf, keyFile, rsaPair } from './keys.ts';

export const issuer = 'https://sso.acme.example';
export const audience = '322011';

export function applicationKey(): ApplicationKey {
  return parseApplicationKey(keyFile({ type: 'application', clientId: audience, appId: '1' }));
}

/** An issuer: its keys, its answers to introspection, and tokens signed by it. */
export function makeIssuer(options: Partial<VerifierOptions> = {}) {
  const clock = new ManualClock();
  const seconds = () => Math.floor(clock.now() / 1_000);
  const state = {
    keys: [jwkOf(rsaPair().privateKey, 'k1')] as readonly object[],
    /** Answers introspection; default: active, with the claims of a user's token. */
    introspect: (_sent: Sent): Answer | Promise<Answer> => ({ json: activeAnswer() }),
    jwks: (): Answer => ({ json: { keys: state.keys } }),
  };
  const claims = () => ({
    iss: issuer,
    sub: '7',
    aud: [audience, '5'],
    exp: seconds() + 43_200,
    iat: seconds(),
    nbf: seconds(),
    jti: 'V2_11-at_12',
    client_id: audience,
  });
  const activeAnswer = (changes: Record<string, unknown> = {}) => ({
    active: true,
    ...claims(),
    username: 'ada',
    token_type: 'Bearer',
    scope: 'openid profile',
    ...changes,
  });
  const fetch = fakeFetch((sent) => (sent.path === '/oauth/v2/keys' ? state.jwks() : state.introspect(sent)));
  const verifier = createVerifier({
    issuer,
    audience,
    client: applicationKey(),
    http: { fetch },
    clock,
    random: () => 0,
    ...options,
  });
  const sign = (
    changes: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
    key: KeyObject = rsaPair().privateKey,
  ) => {
    const payload = Object.fromEntries(
      Object.entries({ ...claims(), ...changes }).filter(([, value]) => value !== undefined),
    );
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'JWT', ...header })
      .sign(key);
  };
  const count = (path: string) => fetch.sent.filter((sent) => sent.path === path).length;
  return {
    clock,
    verifier,
    fetch,
    state,
    sign,
    activeAnswer,
    seconds,
    introspections: () => count('/oauth/v2/introspect'),
    keyFetches: () => count('/oauth/v2/keys'),
  };
}

export function smallRsaKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
}

export function curveKey(curve: 'P-256' | 'ed25519'): KeyObject {
  return curve === 'ed25519'
    ? generateKeyPairSync('ed25519').privateKey
    : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}
