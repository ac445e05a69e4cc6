import { DrawbridgeError, readJson } from '@drawbridge/kit';
import type { DoctorCheck } from './patient.ts';

const hour = 3_600_000;
/** Zitadel's own default, and as long as marks of revocation are kept unless told otherwise. */
const longestLifeMs = 12 * hour;

/** Access tokens do not outlive what is remembered of their revocation. */
export const lifetimesCheck: DoctorCheck = {
  name: 'lifetimes',
  needs: ['token'],
  async run({ zitadel, signal }) {
    const client = await zitadel();
    try {
      const life = (await client.oidcSettings.get({ signal }))?.accessTokenMs ?? longestLifeMs;
      const text = `access tokens live ${life % hour === 0 ? `${life / hour} h` : `${Math.round(life / 60_000)} min`}`;
      if (life <= longestLifeMs) return { state: 'ok', text };
      return {
        state: 'fail',
        text,
        means: 'a revocation is forgotten after 12 h, and its token is good again until it ends',
        fix: "shorten them in Zitadel's instance settings, OIDC: 15 min is plenty, since they are renewed",
      };
    } catch (error) {
      if (!isForbidden(error)) throw error;
      return { state: 'skip', text: 'the account may not read token lifetimes (iam.policy.read)' };
    }
  },
};

/** Keys come from Zitadel, and not from a cache on the way that keeps them for too long. */
export const freshnessCheck: DoctorCheck = {
  name: 'key cache',
  needs: ['jwks'],
  async run({ issuer, fetch, signal, zitadel }) {
    const response = await fetch(`${issuer}/oauth/v2/keys`, { signal });
    const age = Number(response.headers.get('age') ?? 0);
    const maxAge = Number(/max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '')?.[1] ?? 300);
    const { keys = [] } = (await readJson(response)) as { keys?: { kid?: unknown }[] };
    if (age > maxAge) {
      return {
        state: 'fail',
        text: `the keys are ${age} s old, and good for ${maxAge} s`,
        means:
          'a cache in front of Zitadel keeps them: tokens of a new key are refused, those of a withdrawn one taken',
        fix: 'have the proxy pass /oauth/v2/keys on, or heed its Cache-Control',
      };
    }
    const kid = keyIdOf(await signedToken(zitadel, signal));
    if (kid !== undefined && !keys.some((key) => key.kid === kid)) {
      return {
        state: 'fail',
        text: `the key ${kid}, which signs now, is not among those that are published`,
        means: 'every new token is refused',
        fix: 'have whatever caches /oauth/v2/keys read it again',
      };
    }
    const old = age > 0 ? `, ${age} s old` : '';
    // An opaque token names no key; how old the list is shows all the same.
    if (kid === undefined) return { state: 'ok', text: `no cache keeps the keys for too long${old}` };
    return { state: 'ok', text: `the key that signs now is among those published${old}` };
  },
};

/** The token that we have anyway; without one there is no signature to look at. */
async function signedToken(
  zitadel: () => Promise<{
    readonly token: { get(options: { readonly signal: AbortSignal }): Promise<{ expose(): string }> };
  }>,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return (await (await zitadel()).token.get({ signal })).expose();
  } catch {
    // Why there is none is told by the check of the token.
    return undefined;
  }
}

/** Key id in a JWT's header; opaque tokens have none. */
function keyIdOf(token: string | undefined): string | undefined {
  const [header = '', ...rest] = token?.split('.') ?? [];
  if (rest.length !== 2) return undefined;
  try {
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid?: unknown };
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}

/** Whether Zitadel says that this is not for us. */
export function isForbidden(error: unknown): boolean {
  return error instanceof DrawbridgeError && ['zitadel_forbidden', 'membership_missing'].includes(error.code);
}
