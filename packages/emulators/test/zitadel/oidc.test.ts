import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import * as client from 'openid-client';
import { describe, expect, it } from 'vitest';
import { application, authorization, emulatorForTests, project, session, user } from './support.ts';

const redirectUri = 'https://app.example.com/callback';
const password = 'Correct-Horse1';

const { emulator, call, fetch: plainFetch } = emulatorForTests();

interface App {
  readonly projectId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A project with a web application and a person who may sign in. */
async function setUp(name: string, settings: object = {}): Promise<App & { readonly userId: string }> {
  const { organizationId } = emulator.bootstrap;
  const projectId = `${name}-project`;
  await call(project('CreateProject'), { organizationId, projectId, name });
  await call(project('AddProjectRole'), { projectId, roleKey: 'reader', displayName: 'Reader' });
  const app = await call(application('CreateApplication'), {
    projectId,
    name,
    oidcConfiguration: {
      redirectUris: [redirectUri],
      postLogoutRedirectUris: ['https://app.example.com/'],
      responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
      grantTypes: ['OIDC_GRANT_TYPE_AUTHORIZATION_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'],
      accessTokenRoleAssertion: true,
      idTokenUserinfoAssertion: true,
      ...settings,
    },
  });
  const { clientId, clientSecret } = app.body.oidcConfiguration as App;
  const userId = `${name}-user`;
  await call(user('CreateUser'), {
    organizationId,
    userId,
    username: name,
    human: {
      profile: { givenName: 'Ada', familyName: 'Lovelace' },
      email: { email: `${name}@example.com`, isVerified: true },
      password: { password },
    },
  });
  await call(authorization('CreateAuthorization'), {
    userId,
    projectId,
    organizationId,
    roleKeys: ['reader'],
  });
  return { projectId, clientId, clientSecret, userId };
}

function discover(app: App): Promise<client.Configuration> {
  return client.discovery(new URL(emulator.issuer), app.clientId, app.clientSecret, undefined, {
    execute: [client.allowInsecureRequests],
  });
}

/** Walks through the sign-in page as a browser without script would. */
async function signIn(url: URL, loginName: string, secret: string): Promise<Response> {
  const begun = await plainFetch(url, { redirect: 'manual' });
  expect(begun.status).toBe(302);
  const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = new URL(begun.headers.get('location') ?? '', emulator.issuer);
  const form = await plainFetch(page, { headers: { cookie } });
  expect(form.status).toBe(200);
  expect(form.headers.get('content-security-policy')).toContain("default-src 'none'");
  const html = await form.text();
  expect(html).toContain('<label for="password">');
  expect(html).not.toContain('<script');
  return plainFetch(new URL('/ui/login/login', emulator.issuer), {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      authRequestID: page.searchParams.get('authRequestID') ?? '',
      loginName,
      password: secret,
    }).toString(),
    redirect: 'manual',
  });
}

async function tokensFor(config: client.Configuration, loginName: string, scope: string) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const back = await signIn(url, loginName, password);
  expect(back.status).toBe(302);
  const callback = new URL(back.headers.get('location') ?? '');
  return {
    callback,
    verifier,
    tokens: await client.authorizationCodeGrant(config, callback, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
    }),
  };
}

describe('openid-client, unchanged, on the emulator', () => {
  it('signs a person in by authorization code and PKCE, and reads userinfo', async () => {
    const app = await setUp('code');
    const config = await discover(app);
    const { tokens, callback, verifier } = await tokensFor(config, 'code', 'openid profile email');
    const claims = tokens.claims();
    expect(claims?.sub).toBe(app.userId);
    expect(claims?.email).toBe('code@example.com');
    expect(claims?.aud).toContain(app.projectId);
    expect(tokens.refresh_token).toBeUndefined();
    const info = await client.fetchUserInfo(config, tokens.access_token, app.userId);
    expect(info.given_name).toBe('Ada');
    // A code works once.
    await expect(
      client.authorizationCodeGrant(config, callback, {
        pkceCodeVerifier: verifier,
        expectedState: callback.searchParams.get('state') ?? '',
      }),
    ).rejects.toMatchObject({ error: 'invalid_request' });
  });

  it('quirk 3: a refresh rotates the token and ends the access token before', async () => {
    const config = await discover(await setUp('refresh'));
    const { tokens } = await tokensFor(config, 'refresh', 'openid offline_access');
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect(renewed.refresh_token).not.toBe(tokens.refresh_token);
    await expect(
      client.fetchUserInfo(config, tokens.access_token, client.skipSubjectCheck),
    ).rejects.toThrow();
    await client.fetchUserInfo(config, renewed.access_token, client.skipSubjectCheck);
    // quirk 1: a dead refresh token is invalid_request, not invalid_grant.
    await expect(client.refreshTokenGrant(config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_request',
      status: 400,
    });
    await expect(
      client.refreshTokenGrant(config, renewed.refresh_token ?? '', { scope: 'openid email' }),
    ).rejects.toMatchObject({ error: 'invalid_scope' });
  });

  it('asserts roles, introspects by secret, and revokes', async () => {
    const app = await setUp('roles', { accessTokenType: 'OIDC_TOKEN_TYPE_JWT' });
    const config = await discover(app);
    const { tokens } = await tokensFor(config, 'roles', 'openid urn:zitadel:iam:org:project:role:reader');
    const answer = await client.tokenIntrospection(config, tokens.access_token);
    expect(answer.active).toBe(true);
    expect(answer.username, 'told with the scope profile alone').toBeUndefined();
    const domain = 'zitadel.localhost';
    const held = { reader: { [emulator.bootstrap.organizationId]: domain } };
    expect(answer['urn:zitadel:iam:org:project:roles']).toEqual(held);
    expect(answer[`urn:zitadel:iam:org:project:${app.projectId}:roles`]).toEqual(held);
    const [, body = ''] = tokens.access_token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    expect(claims).toMatchObject({ sub: app.userId, client_id: app.clientId });
    expect(claims.scope).toBeUndefined();
    expect(claims.jti).toBe(answer.jti);
    await client.tokenRevocation(config, tokens.access_token);
    expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false });
  });

  it('a terminated session ends its tokens, but its refresh token still mints new ones', async () => {
    const app = await setUp('ended');
    const config = await discover(app);
    const { tokens } = await tokensFor(config, 'ended', 'openid offline_access');
    const listed = await call(session('ListSessions'), { queries: [{ userIdQuery: { id: app.userId } }] });
    const sessions = listed.body.sessions as { id: string }[];
    await call(session('DeleteSession'), { sessionId: sessions[0]?.id });
    expect((await client.tokenIntrospection(config, tokens.access_token)).active).toBe(false);
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    expect((await client.tokenIntrospection(config, renewed.access_token)).active).toBe(true);
  });

  it('grants client credentials and JWT bearers to machines', async () => {
    const { organizationId, serviceAccountKey } = emulator.bootstrap;
    await call(user('CreateUser'), {
      organizationId,
      userId: 'm1',
      username: 'Robot',
      machine: { name: 'R' },
    });
    const { body } = await call(user('AddSecret'), { userId: 'm1' });
    const robot = await client.discovery(
      new URL(emulator.issuer),
      'Robot',
      String(body.clientSecret),
      client.ClientSecretBasic(String(body.clientSecret)),
      { execute: [client.allowInsecureRequests] },
    );
    const granted = await client.clientCredentialsGrant(robot, { scope: 'openid' });
    expect(granted.expires_in).toBe(43_199);
    const { userId, keyId, key } = serviceAccountKey;
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: 'RS256', kid: keyId })
      .setIssuer(userId)
      .setSubject(userId)
      .setAudience(emulator.issuer)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(createPrivateKey(key));
    // The client of a machine's token is its username, not its id.
    const machine = 'zitadel-admin-sa';
    const config = await client.discovery(new URL(emulator.issuer), machine, undefined, client.None(), {
      execute: [client.allowInsecureRequests],
    });
    const tokens = await client.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:jwt-bearer', {
      assertion,
      scope: 'openid profile',
    });
    const info = await client.fetchUserInfo(config, tokens.access_token, userId);
    expect(info).toMatchObject({ sub: userId, name: 'Admin' });
  });

  it('introspects by private key', async () => {
    const app = await setUp('signed');
    const config = await discover(app);
    const { tokens } = await tokensFor(config, 'signed', 'openid');
    const api = await call(application('CreateApplication'), {
      projectId: app.projectId,
      name: 'checker',
      apiConfiguration: { authMethodType: 'API_AUTH_METHOD_TYPE_PRIVATE_KEY_JWT' },
    });
    const applicationId = api.body.applicationId;
    const made = await call(application('CreateApplicationKey'), {
      projectId: app.projectId,
      applicationId,
      expirationDate: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const key = JSON.parse(Buffer.from(String(made.body.keyDetails), 'base64').toString()) as {
      keyId: string;
      key: string;
      clientId: string;
    };
    const assertion = await new SignJWT()
      .setProtectedHeader({ alg: 'RS256', kid: key.keyId })
      .setIssuer(key.clientId)
      .setSubject(key.clientId)
      .setAudience(emulator.issuer)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(createPrivateKey(key.key));
    const answer = await plainFetch(`${emulator.issuer}/oauth/v2/introspect`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        token: tokens.access_token,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }).toString(),
    });
    expect(await answer.json()).toMatchObject({ active: true, sub: app.userId });
  });
});

describe('the sign-in page', () => {
  it('refuses a wrong password, and a browser that did not begin the sign-in', async () => {
    const app = await setUp('page');
    const config = await discover(app);
    const url = client.buildAuthorizationUrl(config, { redirect_uri: redirectUri, scope: 'openid' });
    const wrong = await signIn(url, 'page', 'Wrong-Horse1');
    expect(wrong.status).toBe(400);
    const html = await wrong.text();
    expect(html).toContain('role="alert"');
    expect(html).not.toContain('Wrong-Horse1');
    const begun = await plainFetch(url, { redirect: 'manual' });
    const elsewhere = await plainFetch(new URL(begun.headers.get('location') ?? '', emulator.issuer));
    expect(elsewhere.status).toBe(400);
  });

  it('keeps users of other organizations out where the scope names one', async () => {
    const app = await setUp('bound');
    const config = await discover(app);
    const scope = 'openid urn:zitadel:iam:org:id:someone-else';
    const url = client.buildAuthorizationUrl(config, { redirect_uri: redirectUri, scope });
    expect((await signIn(url, 'bound', password)).status).toBe(400);
  });

  it('S27 sends nobody to a redirect address that is not exactly a known one', async () => {
    const app = await setUp('redirects');
    const config = await discover(app);
    for (const uri of [`${redirectUri}/`, 'https://app.example.com.evil.example/callback']) {
      const url = client.buildAuthorizationUrl(config, { redirect_uri: uri, scope: 'openid' });
      const answer = await plainFetch(url, { redirect: 'manual' });
      expect(answer.status).toBe(400);
    }
  });

  it('tells the application that prompt=none needs a sign-in', async () => {
    const app = await setUp('prompt');
    const config = await discover(app);
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: 'openid',
      prompt: 'none',
      state: 's',
    });
    const answer = await plainFetch(url, { redirect: 'manual' });
    const back = new URL(answer.headers.get('location') ?? '');
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'login_required', state: 's' });
  });
});
