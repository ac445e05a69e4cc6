import { describe, expect, it, vi } from 'vitest';
import { drive } from '../support/fetch.ts';
import { oidcIssuer, signInIssuer, tokens } from '../support/oidc-issuer.ts';

type Back = (redirect: URL, asked: URLSearchParams) => Promise<unknown>;

/** Signs in with a browser that does this with the redirect address. */
function run(issuer: ReturnType<typeof oidcIssuer>, back: Back, signal?: AbortSignal) {
  let nonce = '';
  issuer.state.token = (form) => {
    expect(form.get('grant_type')).toBe('authorization_code');
    expect(form.get('code_verifier')).toMatch(/^[\w-]{43,}$/);
    return tokens({ claims: { nonce } });
  };
  let browsing: Promise<unknown> = Promise.resolve();
  const result = issuer.signIn.byBrowser({
    open: (text) => {
      const url = new URL(text);
      nonce = url.searchParams.get('nonce') ?? '';
      browsing = back(new URL(url.searchParams.get('redirect_uri') ?? ''), url.searchParams);
    },
    ...(signal ? { signal } : {}),
  });
  return Promise.all([result, result.then(() => browsing)]).then(([signedIn]) => signedIn);
}

const visit = async (redirect: URL, query: Record<string, string>, init: RequestInit = {}) => {
  const url = new URL(redirect);
  url.search = new URLSearchParams(query).toString();
  const answer = await fetch(url, init);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

describe('the sign-in in a browser', () => {
  it('S27 S28 is a code with PKCE S256, state and nonce, back to a port of 127.0.0.1, and ends on a calm page', async () => {
    const issuer = oidcIssuer();
    let page: Awaited<ReturnType<typeof visit>> | undefined;
    const signedIn = await run(issuer, async (redirect, asked) => {
      expect(redirect.hostname).toBe('127.0.0.1');
      expect(redirect.pathname).toBe('/callback');
      expect(asked.get('response_type')).toBe('code'); // never implicit
      expect(asked.get('code_challenge_method')).toBe('S256');
      page = await visit(redirect, { code: 'c', state: asked.get('state') ?? '' });
    });
    expect(signedIn).toMatchObject({ subject: '7', name: 'ada' });
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('You can close this window') });
    expect(page?.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page?.text).not.toMatch(/<script|access-1|eyJ/);
  });

  it('S27 takes no other path, host, method or state, and goes on waiting', async () => {
    const issuer = oidcIssuer();
    const signedIn = await run(issuer, async (redirect, asked) => {
      const state = asked.get('state') ?? '';
      const other = new URL('/other', redirect);
      expect((await visit(other, { code: 'c', state })).status).toBe(404);
      expect((await visit(redirect, { code: 'c', state: 'guessed' })).status).toBe(404);
      expect((await visit(redirect, { code: 'c', state }, { method: 'POST' })).status).toBe(404);
      const localhost = new URL(redirect);
      localhost.hostname = 'localhost';
      expect((await visit(localhost, { code: 'c', state }).catch(() => ({ status: 404 }))).status).toBe(404);
      expect(issuer.polls).toEqual([]);
      await visit(redirect, { code: 'c', state });
    });
    expect(signedIn.subject).toBe('7');
  });

  it('S31 an answer with the iss of another server is refused before the code is sent anywhere', async () => {
    const issuer = oidcIssuer();
    let status = 0;
    const refused = run(issuer, async (redirect, asked) => {
      ({ status } = await visit(redirect, {
        code: 'c',
        state: asked.get('state') ?? '',
        iss: 'https://evil.example',
      }));
    });
    await expect(refused).rejects.toMatchObject({
      code: expect.stringMatching(/sign_in_failed|invalid_response/),
    });
    expect(issuer.polls).toEqual([]);
    await vi.waitFor(() => expect(status).toBe(400), 10_000);
  });

  it('S31 where the server says that it sends iss, it has to be there', async () => {
    const issuer = oidcIssuer();
    issuer.state.discovery = { authorization_response_iss_parameter_supported: true };
    const missing = run(issuer, (redirect, asked) =>
      visit(redirect, { code: 'c', state: asked.get('state') ?? '' }),
    );
    await expect(missing).rejects.toMatchObject({
      code: expect.stringMatching(/sign_in_failed|invalid_response/),
    });
    const there = oidcIssuer();
    there.state.discovery = { authorization_response_iss_parameter_supported: true };
    const signedIn = await run(there, (redirect, asked) =>
      visit(redirect, { code: 'c', state: asked.get('state') ?? '', iss: signInIssuer }),
    );
    expect(signedIn.subject).toBe('7');
  });

  it('a no in the browser is told as that', async () => {
    const denied = run(oidcIssuer(), (redirect, asked) =>
      visit(redirect, { error: 'access_denied', state: asked.get('state') ?? '' }),
    );
    await expect(denied).rejects.toMatchObject({ code: 'sign_in_denied' });
  });

  it('a token without the nonce of this sign-in is refused', async () => {
    const issuer = oidcIssuer();
    const back: Back = (redirect, asked) => visit(redirect, { code: 'c', state: asked.get('state') ?? '' });
    const result = run(issuer, back);
    issuer.state.token = () => tokens({ claims: { nonce: 'of another' } });
    await expect(result).rejects.toMatchObject({ code: 'sign_in_failed' });
  });

  it('times out, and can be canceled', async () => {
    const slow = oidcIssuer();
    let late: unknown;
    run(slow, async () => undefined).catch((error: unknown) => {
      late = error;
    });
    await drive(slow.clock, () => late !== undefined, 10_000);
    expect(late).toMatchObject({ code: 'sign_in_expired' });
    const stop = new AbortController();
    const canceled = run(oidcIssuer(), async () => stop.abort(), stop.signal);
    await expect(canceled).rejects.toMatchObject({ code: 'canceled' });
  });
});
