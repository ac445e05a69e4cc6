import { type Fetch, Secret } from '@drawbridge/kit';
import { describe, expect, it } from 'vitest';
import { createWebSignIn } from '../../src/index.ts';
import { oidcIssuer, signInIssuer, tokens } from '../support/oidc-issuer.ts';

const redirectUri = 'https://console.acme.example/auth/callback';

function web(clientSecret?: string) {
  const issuer = oidcIssuer();
  issuer.state.discovery = { end_session_endpoint: `${signInIssuer}/oidc/v1/end_session` };
  const signIn = createWebSignIn({
    issuer: signInIssuer,
    clientId: '322011',
    http: { fetch: issuer.fetch },
    clock: issuer.clock,
    ...(clientSecret === undefined ? {} : { clientSecret: new Secret(clientSecret) }),
  });
  return { ...issuer, signIn };
}

describe('the sign-in of a web application', () => {
  it('S27 S28 begins with PKCE, state and nonce, and ends with verified tokens', async () => {
    const issuer = web();
    const begun = await issuer.signIn.begin(redirectUri, 'openid profile', { prompt: 'login' });
    const asked = new URL(begun.url).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid profile',
      state: begun.state,
      code_challenge_method: 'S256',
      prompt: 'login',
    });
    expect(String(begun.kept)).toBe('[redacted]');
    issuer.state.token = (form) => {
      expect(form.get('redirect_uri')).toBe(redirectUri);
      expect(form.get('code_verifier')).toMatch(/^[\w-]{43,}$/);
      return tokens({ claims: { nonce: asked.get('nonce'), sid: 's1' } });
    };
    const signedIn = await issuer.signIn.finish(
      new URLSearchParams({ code: 'c', state: begun.state }),
      begun,
    );
    expect(signedIn).toMatchObject({ subject: '7', session: 's1' });
  });

  it('sends its secret by Basic, where it has one, and only there', async () => {
    for (const secret of [undefined, 'p%ss/w0rd']) {
      const issuer = web(secret);
      const begun = await issuer.signIn.begin(redirectUri, 'openid');
      const nonce = new URL(begun.url).searchParams.get('nonce');
      issuer.state.token = () => tokens({ claims: { nonce } });
      await issuer.signIn.finish(new URLSearchParams({ code: 'c', state: begun.state }), begun);
      const sent = issuer.fetch.sent.find(({ path }) => path === '/oauth/v2/token');
      const basic = `Basic ${Buffer.from('322011:p%25ss%2Fw0rd').toString('base64')}`;
      expect(sent?.headers.get('authorization')).toBe(secret === undefined ? null : basic);
      expect(sent?.body).not.toContain('w0rd');
    }
  });

  it.each<readonly [string, Record<string, string>, Record<string, unknown>]>([
    ['another state', { state: 'other' }, {}],
    ['S31 the iss of another server', { iss: 'https://evil.example' }, {}],
    ['another nonce', {}, { nonce: 'other' }],
    ['no nonce', {}, { nonce: undefined }],
    ['another audience', {}, { aud: 'other' }],
    ['another issuer', {}, { iss: 'https://evil.example' }],
  ])('with %s is refused', async (_name, query, claims) => {
    const issuer = web();
    const begun = await issuer.signIn.begin(redirectUri, 'openid');
    const nonce = new URL(begun.url).searchParams.get('nonce');
    issuer.state.token = () => tokens({ claims: { nonce, ...claims } });
    const back = new URLSearchParams({ code: 'c', state: begun.state, ...query });
    await expect(issuer.signIn.finish(back, begun)).rejects.toMatchObject({
      code: expect.stringMatching(/sign_in_failed|invalid_response/),
    });
  });

  it('S32 ends the session from server to server, the id_token in no address', async () => {
    const issuer = web();
    let status = 302;
    const inner = issuer.fetch;
    const ending: Fetch = async (input, init) => {
      if (new URL(input).pathname !== '/oidc/v1/end_session') return await inner(input, init);
      expect(String(input)).not.toContain('eyJ');
      expect(init).toMatchObject({ method: 'POST', redirect: 'manual' });
      expect(init?.body).toBe('id_token_hint=eyJ.x.y&client_id=322011');
      return new Response('', { status, headers: { location: 'https://elsewhere.example' } });
    };
    const signIn = createWebSignIn({ issuer: signInIssuer, clientId: '322011', http: { fetch: ending } });
    await signIn.endSession(new Secret('eyJ.x.y'));
    status = 400;
    const refused = signIn.endSession(new Secret('eyJ.x.y'));
    await expect(refused).rejects.toMatchObject({ code: 'sign_out_failed' });
    await expect(refused).rejects.not.toThrow('eyJ');
  });
});
