import { DrawbridgeError, type Fetch, type HttpClient, requireSecureUrl, type Secret } from '@drawbridge/kit';
import type { Configuration, CustomFetch } from 'openid-client';
import { translateSignInError } from './translate.ts';

/** Which issuer to sign in at, as which application. */
export interface ProviderOptions {
  /** URL that identifies the instance, byte for byte. */
  readonly issuer: string;
  readonly clientId: string;
  /** Of an application that has one (by Basic, RFC 6749 section 2.3.1). A native application has none. */
  readonly clientSecret?: Secret;
  /** What reaches the issuer. */
  readonly http: Pick<HttpClient, 'fetch'>;
  /** Takes a plain-http issuer that is not loopback. Default false. */
  readonly allowInsecure?: boolean;
}

/** openid-client and what it knows of the issuer. */
export interface Provider {
  readonly oidc: typeof import('openid-client');
  readonly config: Configuration;
}

const endpoints = [
  'authorization_endpoint',
  'token_endpoint',
  'device_authorization_endpoint',
  'revocation_endpoint',
  'userinfo_endpoint',
  'end_session_endpoint',
] as const;
/** Clocks may differ this much, in seconds. */
const clockToleranceSeconds = 60;

/**
 * Reads the issuer's discovery document, once, when it is first needed.
 *
 * Its `issuer` has to be ours byte for byte, and whatever gets a code or a token has to be at the same origin: that a
 * document names another server's endpoints is how a mix-up begins.
 *
 * @see OpenID Connect Discovery 1.0 section 4.3, RFC 9700 section 4.4
 */
export function createProvider(options: ProviderOptions): () => Promise<Provider> {
  const { issuer, allowInsecure = false } = options;
  requireSecureUrl(issuer, { allowInsecure });
  let discovering: Promise<Provider> | undefined;
  return () => {
    discovering ??= discover(options).catch((error: unknown) => {
      discovering = undefined; // the next caller asks again
      throw error;
    });
    return discovering;
  };
}

async function discover({ issuer, clientId, clientSecret, http }: ProviderOptions): Promise<Provider> {
  // Loaded here, not at import: most commands of a terminal have a session already.
  const oidc = await import('openid-client');
  const where = `${issuer}/.well-known/openid-configuration`;
  let config: Configuration;
  try {
    const insecure = new URL(issuer).protocol === 'http:';
    const metadata = { [oidc.clockTolerance]: clockToleranceSeconds };
    const authentication = clientSecret ? oidc.ClientSecretBasic(clientSecret.expose()) : oidc.None();
    config = await oidc.discovery(new URL(issuer), clientId, metadata, authentication, {
      [oidc.customFetch]: adapt(http.fetch),
      timeout: 10,
      // The signature of every id_token is checked, also where it came over TLS from the issuer itself.
      execute: [oidc.enableNonRepudiationChecks, ...(insecure ? [oidc.allowInsecureRequests] : [])],
    });
  } catch (error) {
    throw translateSignInError(error, where);
  }
  const server = config.serverMetadata();
  const stray = endpoints.find((name) => {
    const url = server[name];
    return url !== undefined && (!URL.canParse(url) || new URL(url).origin !== issuer);
  });
  if (server.issuer !== issuer || stray !== undefined) {
    throw new DrawbridgeError('sign_in_failed', {
      message:
        stray === undefined
          ? 'The server says that it is another issuer.'
          : `The issuer's \`${stray}\` is at another server, so that no code or token is sent there.`,
      where,
      saw: stray === undefined ? server.issuer : String(server[stray]),
      fix: 'Set the issuer to exactly what the discovery document says.',
    });
  }
  return { oidc, config };
}

/** openid-client's requests through our fetch: its limits, its address, its errors. */
function adapt(fetch: Fetch): CustomFetch {
  return async (url, { body, ...init }) => {
    const text = body instanceof URLSearchParams ? body.toString() : body;
    const sent =
      text === undefined || text === null ? {} : { body: text as NonNullable<RequestInit['body']> };
    return await fetch(url, { ...init, signal: init.signal ?? null, ...sent });
  };
}
