import * as client from 'openid-client';
import { beforeAll, describe, expect, it } from 'vitest';
import { application, emulatorForTests, post, project, session, user } from './support.ts';

const harness = emulatorForTests();
const { emulator, call, fetch } = harness;
const grants = ['OIDC_GRANT_TYPE_DEVICE_CODE', 'OIDC_GRANT_TYPE_REFRESH_TOKEN'];
const password = 'Correct-Horse1';

let config: client.Configuration;
let loginClient: string;

/** A native application without a secret, as a command line has. */
async function nativeApp(name: string, grantTypes: readonly string[]): Promise<client.Configuration> {
  const { body } = await call(application('CreateApplication'), {
    projectId: 'cli',
    name,
    oidcConfiguration: {
      responseTypes: ['OIDC_RESPONSE_TYPE_CODE'],
      grantTypes,
      applicationType: 'OIDC_APP_TYPE_NATIVE',
      authMethodType: 'OIDC_AUTH_METHOD_TYPE_NONE',
    },
  });
  const { clientId } = body.oidcConfiguration as { clientId: string };
  return client.discovery(new URL(emulator.issuer), clientId, undefined, client.None(), {
    execute: [client.allowInsecureRequests],
  });
}

beforeAll(async () => {
  const { organizationId } = emulator.bootstrap;
  await call(project('CreateProject'), { organizationId, projectId: 'cli', name: 'CLI' });
  await call(user('CreateUser'), {
    organizationId,
    userId: 'dev',
    username: 'dev',
    human: {
      profile: { givenName: 'De', familyName: 'V' },
      email: { email: 'dev@example.com', isVerified: true },
      password: { password },
    },
  });
  config = await nativeApp('cli', grants);
  await call(user('CreateUser'), { organizationId, userId: 'login', machine: { name: 'Login' } });
  await call('zitadel.internal_permission.v2.InternalPermissionService/CreateAdministrator', {
    userId: 'login',
    resource: { instance: true },
    roles: ['IAM_LOGIN_CLIENT'],
  });
  const expirationDate = new Date(Date.now() + 3_600_000).toISOString();
  const pat = await call(user('AddPersonalAccessToken'), { userId: 'login', expirationDate });
  loginClient = String(pat.body.token);
});

/** One poll, without the pause that a client makes between two. */
async function poll(deviceCode: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${emulator.issuer}/oauth/v2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: deviceCode,
      client_id: config.clientMetadata().client_id,
    }).toString(),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function submit(userCode: string, decision: string, secret = password): Promise<Response> {
  return fetch(`${emulator.issuer}/ui/login/device`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      user_code: userCode,
      loginName: 'dev',
      password: secret,
      decision,
    }).toString(),
  });
}

describe('the device flow', () => {
  it('lets a device in on the page, once', async () => {
    const begun = await client.initiateDeviceAuthorization(config, { scope: 'openid offline_access' });
    expect(begun).toMatchObject({ expires_in: 300, interval: 5 });
    expect(begun.user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(begun.device_code).toHaveLength(22);
    expect(begun.verification_uri_complete).toBe(`${emulator.issuer}/device?user_code=${begun.user_code}`);
    // quirk 20: the page leads to the first login, and slow_down never comes.
    const page = await fetch(String(begun.verification_uri_complete), { redirect: 'manual' });
    expect(page.headers.get('location')).toBe(`/ui/login/device?user_code=${begun.user_code}`);
    for (let times = 0; times < 3; times++) {
      const { status, body } = await poll(begun.device_code);
      expect([status, body.error]).toEqual([400, 'authorization_pending']);
    }
    expect((await submit(begun.user_code, 'allow', 'Wrong-Horse1')).status).toBe(400);
    expect((await submit(begun.user_code.toLowerCase(), 'allow')).status).toBe(200);
    const { status, body } = await poll(begun.device_code);
    expect(status).toBe(200);
    expect(body.id_token).toBeDefined();
    const renewed = await client.refreshTokenGrant(config, String(body.refresh_token));
    expect(renewed.claims()?.sub).toBe('dev');
    const again = await poll(begun.device_code);
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant']);
  });

  it('tells denied, expired and unknown apart', async () => {
    const denied = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
    await submit(denied.user_code, 'deny');
    expect((await poll(denied.device_code)).body.error).toBe('access_denied');
    const late = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
    emulator.controls.clockOffsetMs = 301_000;
    expect((await poll(late.device_code)).body.error).toBe('expired_token');
    expect((await submit(late.user_code, 'allow')).status).toBe(400);
    emulator.controls.clockOffsetMs = 0;
    expect((await poll('unknown')).body.error).toBe('invalid_grant');
  });

  it('asks for the grant only at the token endpoint', async () => {
    const without = await nativeApp('no-device', ['OIDC_GRANT_TYPE_AUTHORIZATION_CODE']);
    const begun = await client.initiateDeviceAuthorization(without, { scope: 'openid' });
    await expect(
      client.pollDeviceAuthorizationGrant(without, { ...begun, interval: 0 }),
    ).rejects.toMatchObject({ error: 'unauthorized_client', status: 400 });
  });

  it('is decided without a page through the session API, by a login client alone', async () => {
    const begun = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
    const url = `${emulator.issuer}/v2/oidc/device_authorization`;
    const look = (token: string) =>
      fetch(`${url}/${begun.user_code}`, { headers: { authorization: `Bearer ${token}` } });
    expect((await look(harness.token)).status).toBe(403);
    const found = (await (await look(loginClient)).json()) as {
      deviceAuthorizationRequest: { id: string; appName: string };
    };
    expect(found.deviceAuthorizationRequest.appName).toBe('cli');
    const checks = { user: { userId: 'dev' }, password: { password } };
    const made = await call(session('CreateSession'), { checks });
    const decided = await post(
      fetch,
      `${url}/${found.deviceAuthorizationRequest.id}`,
      { session: { sessionId: made.body.sessionId, sessionToken: made.body.sessionToken } },
      loginClient,
    );
    expect(decided.status).toBe(200);
    expect((await poll(begun.device_code)).status).toBe(200);
  });
});
