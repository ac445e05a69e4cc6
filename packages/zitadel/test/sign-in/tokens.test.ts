import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { DrawbridgeError, Secret } from '@drawbridge/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSignIn } from '../../src/index.ts';
import { oauthError, oidcIssuer, tokens } from '../support/oidc-issuer.ts';

const token = new Secret('refresh-0');

describe('the id_token', () => {
  const now = Math.floor(Date.now() / 1_000);
  it.each([
    ['another audience', { aud: ['999'] }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['an end in the past', { exp: now - 3_600, iat: now - 7_200 }],
  ])('with %s is refused', async (_name, claims) => {
    const issuer = oidcIssuer();
    issuer.state.token = () => tokens({ claims });
    await expect(issuer.signIn.refresh(token, '7')).rejects.toMatchObject({ code: 'sign_in_failed' });
  });

  it('with the signature of a stranger is refused', async () => {
    const issuer = oidcIssuer();
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    issuer.state.token = () => tokens({}, stranger);
    const error: unknown = await issuer.signIn.refresh(token, '7').catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DrawbridgeError);
    expect(inspect(error, { depth: 9 })).not.toMatch(/access-1|refresh-1|eyJ/);
  });

  it('of another user is refused', async () => {
    const issuer = oidcIssuer();
    issuer.state.token = () => tokens({ claims: { sub: '8' } });
    await expect(issuer.signIn.refresh(token, '7')).rejects.toMatchObject({ code: 'sign_in_wrong_user' });
  });
});

describe('the refresh', () => {
  it('brings new tokens', async () => {
    const issuer = oidcIssuer();
    issuer.state.token = (form) => {
      expect(form.get('refresh_token')).toBe('refresh-0');
      return tokens();
    };
    const refreshed = await issuer.signIn.refresh(token, '7');
    expect(refreshed.refreshToken?.expose()).toBe('refresh-1');
    expect(refreshed.accessExpiresAt).toBe(issuer.clock.now() + 43_199_000);
    expect(inspect(refreshed, { depth: 9 })).not.toMatch(/access-1|refresh-1|eyJ/);
  });

  it.each([
    [oauthError('invalid_request', 'Errors.OIDCSession.RefreshTokenInvalid'), 'session_ended'],
    [oauthError('invalid_grant'), 'session_ended'],
    [oauthError('unauthorized_client'), 'sign_in_not_permitted'],
    [oauthError('server_error', 'Errors.Internal', 500), 'zitadel_failed'],
    [new Response('bad gateway', { status: 502 }), 'unreachable'],
    [new Response('<html>', { status: 200 }), 'invalid_response'],
  ])('tells a dead token from a failure: %#', async (answer, code) => {
    const issuer = oidcIssuer();
    issuer.state.token = () => answer;
    await expect(issuer.signIn.refresh(token, '7')).rejects.toMatchObject({ code });
  });

  it('S32 never repeats a token, whatever the endpoint answers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.constantFrom('access_token', 'token_type', 'expires_in', 'refresh_token', 'id_token', 'error'),
          fc.oneof(fc.constant('very-secret'), fc.constant('Bearer'), fc.integer(), fc.constant(null)),
        ),
        fc.constantFrom(200, 400, 500),
        async (json, status) => {
          const issuer = oidcIssuer();
          issuer.state.token = () => ({ status, json: { ...json, error: json.error && 'invalid_grant' } });
          const result: unknown = await issuer.signIn.refresh(token, '7').catch((error: unknown) => error);
          if (result instanceof Error) expect(result).toBeInstanceOf(DrawbridgeError);
          expect(inspect(result, { depth: 9 })).not.toMatch(/very-secret|refresh-0/);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('the issuer', () => {
  it('S31 that names itself otherwise, or endpoints of another server, is refused', async () => {
    for (const discovery of [
      { issuer: 'https://evil.example' },
      { token_endpoint: 'https://evil.example/oauth/v2/token' },
      { device_authorization_endpoint: 'https://sso.acme.example.evil.example/device' },
    ]) {
      const issuer = oidcIssuer();
      issuer.state.discovery = discovery;
      await expect(issuer.signIn.refresh(token, '7')).rejects.toBeInstanceOf(DrawbridgeError);
      expect(issuer.polls).toEqual([]);
    }
  });

  it('has to be https or loopback', () => {
    const http = { fetch: oidcIssuer().fetch };
    expect(() => createSignIn({ issuer: 'http://sso.acme.example', clientId: '1', http })).toThrow(
      expect.objectContaining({ code: 'insecure_url' }),
    );
  });
});

describe('revocation and userinfo', () => {
  it('S33 revocation that fails is told', async () => {
    const issuer = oidcIssuer();
    await issuer.signIn.revoke(token, 'refresh_token');
    issuer.state.revoke = () => oauthError('invalid_client');
    await expect(issuer.signIn.revoke(token, 'refresh_token')).rejects.toMatchObject({
      code: 'sign_in_not_permitted',
    });
  });

  it('userinfo of another user is refused, and a dead token is told', async () => {
    const issuer = oidcIssuer();
    expect(await issuer.signIn.userInfo(token, '7')).toMatchObject({ sub: '7' });
    await expect(issuer.signIn.userInfo(token, '8')).rejects.toBeInstanceOf(DrawbridgeError);
    issuer.state.userinfo = () => oauthError('access_denied', 'access token invalid', 401);
    await expect(issuer.signIn.userInfo(token, '7')).rejects.toMatchObject({ code: 'session_ended' });
  });
});
