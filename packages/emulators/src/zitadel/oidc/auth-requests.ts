import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Kernel, lifetimes } from '../kernel.ts';

/** A sign-in under way. */
export interface AuthRequest {
  readonly id: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope: readonly string[];
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly loginHint: string | undefined;
  /** Ties the request to the browser that began it. */
  readonly browser: string;
  readonly createdAt: number;
  /** Set once the user has signed in. */
  authentication: Authentication | undefined;
  codeExpiresAt: number;
}

/** Who signed in, and how. */
export interface Authentication {
  readonly userId: string;
  readonly sessionId: string;
  readonly authTime: number;
}

/**
 * Sign-ins under way and the codes they end in. Unlike everything else they are not events: they live for minutes, and a
 * restart of the emulator in the middle of a sign-in means beginning it again.
 */
export class AuthRequests {
  readonly #requests = new Map<string, AuthRequest>();

  begin(
    kernel: Kernel,
    fields: Omit<AuthRequest, 'id' | 'createdAt' | 'browser' | 'authentication' | 'codeExpiresAt'>,
  ): AuthRequest {
    this.#forgetOld(kernel.now());
    const request: AuthRequest = {
      ...fields,
      id: `V2_${kernel.newId()}`,
      browser: randomBytes(18).toString('base64url'),
      createdAt: kernel.now(),
      authentication: undefined,
      codeExpiresAt: 0,
    };
    this.#requests.set(request.id, request);
    return request;
  }

  /** The request that a browser is signing in for; only the browser that began it gets it. */
  get(id: string, browser: string | undefined): AuthRequest | undefined {
    const request = this.#requests.get(id);
    const known = request && browser !== undefined && sameText(request.browser, browser);
    return known && !request.authentication ? request : undefined;
  }

  /** Ends the sign-in; the answer is the code. */
  complete(kernel: Kernel, request: AuthRequest, authentication: Authentication): string {
    request.authentication = authentication;
    request.codeExpiresAt = kernel.now() + lifetimes.authCode;
    return kernel.tokens.seal(`code_${request.id}`);
  }

  /** Takes a code: it works once. */
  take(
    kernel: Kernel,
    code: string,
  ): { readonly request: AuthRequest; readonly authentication: Authentication } | undefined {
    const text = kernel.tokens.open(code);
    const request = text?.startsWith('code_') ? this.#requests.get(text.slice(5)) : undefined;
    if (!request?.authentication) return undefined;
    this.#requests.delete(request.id);
    if (request.codeExpiresAt <= kernel.now()) return undefined;
    return { request, authentication: request.authentication };
  }

  #forgetOld(now: number): void {
    for (const request of this.#requests.values()) {
      if (request.createdAt + lifetimes.authRequest > now) break;
      this.#requests.delete(request.id);
    }
  }
}

const stores = new WeakMap<Kernel, AuthRequests>();

/** The sign-ins of an instance. */
export function authRequestsOf(kernel: Kernel): AuthRequests {
  let store = stores.get(kernel);
  if (!store) {
    store = new AuthRequests();
    stores.set(kernel, store);
  }
  return store;
}

/** Whether a verifier is that of the challenge (RFC 7636 section 4.6, S256 only). */
export function verifierMatches(verifier: string, challenge: string): boolean {
  return sameText(createHash('sha256').update(verifier).digest('base64url'), challenge);
}

function sameText(a: string, b: string): boolean {
  const [one, two] = [Buffer.from(a), Buffer.from(b)];
  return one.length === two.length && timingSafeEqual(one, two);
}
